/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/data/idx.h.
 * Main result: good files of tests/corpus/idx are read, each bad one is refused with its line, and
 * decompression stops at its limit.
 * Assumptions: the tests run in the project's root.
 */
#include <stdlib.h>

#include "harness/data/file.h"
#include "harness/data/idx.h"
#include "tests/harness/data/line.h"
#include "tests/suites.h"

#define CORPUS "tests/corpus/idx/"

static struct at_failure failure;
static struct at_idx idx;

/* Every bad file and the part of its line after the file's name. */
static const char *const refused[][2] = {
  {"bad_cut_data", "the shape promises more entries than the 23 bytes after the header hold; the "
                   "file is cut off or its shape is wrong"},
  {"bad_cut_header", "the IDX header is cut off"},
  {"bad_empty_file", "does not begin like an IDX file (0 0 type rank) or gzip"},
  {"bad_gzip_cut.gz", "the gzip data is cut off"},
  {"bad_gzip_damaged.gz", "the gzip data is damaged"},
  {"bad_gzip_trailing.gz", "bytes left over after the gzip data: 1; one gzip member is accepted"},
  {"bad_magic", "does not begin like an IDX file (0 0 type rank) or gzip"},
  {"bad_no_entries", "the array is empty; at least one entry is needed"},
  {"bad_rank_0", "IDX rank 0; 1 to 4 is accepted"},
  {"bad_rank_5", "IDX rank 5; 1 to 4 is accepted"},
  {"bad_shape_overflow", "the shape promises more entries than the 1 bytes after the header hold; "
                         "the file is cut off or its shape is wrong"},
  {"bad_trailing", "bytes left over after the array: 1; a file of one array is accepted"},
  {"bad_type", "IDX element type 0x0c; 0x08 (unsigned bytes) is accepted"},
};

static void test_refused(void)
{
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    char path[120];
    char expected[400];
    (void)snprintf(path, sizeof path, CORPUS "%s", refused[i][0]);
    (void)snprintf(expected, sizeof expected, "%s: %s", path, refused[i][1]);
    at_test_fails(at_idx_read(&idx, path, &failure), failure.line, expected);
    CU_ASSERT(idx.value == NULL && idx.count == 0);
  }
}

static void test_values(void)
{
  static const char *const cubes[] = {CORPUS "cube", CORPUS "cube.gz"};
  static const unsigned char labels[] = {9, 0, 3, 3, 1};
  for (size_t c = 0; c < 2; c++) {
    if (at_test_works(at_idx_read(&idx, cubes[c], &failure), failure.line) != 0) continue;
    CU_ASSERT(idx.rank == 3 && idx.count == 24);
    CU_ASSERT(idx.shape[0] == 2 && idx.shape[1] == 3 && idx.shape[2] == 4);
    for (size_t i = 0; i < idx.count; i++) CU_ASSERT_EQUAL(idx.value[i], i);
    at_idx_free(&idx);
  }
  CU_ASSERT_EQUAL_FATAL(at_idx_read(&idx, CORPUS "labels.gz", &failure), 0);
  CU_ASSERT(idx.rank == 1 && idx.count == 5 && memcmp(idx.value, labels, 5) == 0);
  at_idx_free(&idx);
}

/* large.gz holds 12 + 2^18 bytes: accepted at exactly that limit, refused one byte below. */
static void test_limit(void)
{
  const size_t content = 12 + (256 << 10);
  unsigned char *bytes;
  size_t size;
  CU_ASSERT_EQUAL_FATAL(at_file_read(&bytes, &size, CORPUS "large.gz", 100000, &failure), 0);
  CU_ASSERT_EQUAL(at_idx_parse(&idx, bytes, size, content, "large", &failure), 0);
  at_idx_free(&idx);
  at_test_fails(at_idx_parse(&idx, bytes, size, content - 1, "large", &failure), failure.line,
                "large: holds more than 262155 bytes when decompressed, the most accepted");
  at_test_fails(at_idx_parse(&idx, bytes, size, 0, "large", &failure), failure.line,
                "large: holds more than 0 bytes when decompressed, the most accepted");
  free(bytes);
  static const unsigned char plain[] = {0, 0, 8, 1, 0, 0, 0, 1, 5};
  CU_ASSERT_EQUAL(at_idx_parse(&idx, plain, 9, 9, "plain", &failure), 0);
  at_idx_free(&idx);
  at_test_fails(at_idx_parse(&idx, plain, 9, 8, "plain", &failure), failure.line,
                "plain: longer than 8 bytes, the most accepted");
}

/* No prefix of a file is a file; each copy has exactly its length, for the sanitizers. */
static void prefixes_fail(const char *path)
{
  unsigned char *bytes;
  size_t size;
  CU_ASSERT_EQUAL_FATAL(at_file_read(&bytes, &size, path, 100000, &failure), 0);
  for (size_t length = 0; length < size; length++) {
    unsigned char *prefix = malloc(length + 1);
    CU_ASSERT_PTR_NOT_NULL(prefix);
    if (prefix == NULL) return;
    memcpy(prefix + 1, bytes, length);
    CU_ASSERT_EQUAL(at_idx_parse(&idx, prefix + 1, length, 1000, "prefix", &failure), -1);
    free(prefix);
  }
  free(bytes);
}

static void test_prefixes(void)
{
  prefixes_fail(CORPUS "cube");
  prefixes_fail(CORPUS "cube.gz");
}

void at_suite_idx(void)
{
  CU_pSuite suite = CU_add_suite("idx", NULL, NULL);
  CU_add_test(suite, "bad files are refused with their lines", test_refused);
  CU_add_test(suite, "plain and compressed files are read", test_values);
  CU_add_test(suite, "decompression stops at its limit", test_limit);
  CU_add_test(suite, "every cut-off file is refused", test_prefixes);
}
