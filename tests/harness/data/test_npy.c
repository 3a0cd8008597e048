/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/data/npy.h and array.h.
 * Main result: NumPy's files are read to the bit, every bad file of tests/corpus/npy is refused
 * with its line, and what is written is read back to the bit (numpy.sh: by NumPy too).
 * Assumptions: the tests run in the project's root; /tmp is writable.
 */
#define _XOPEN_SOURCE 700

#include <float.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/data/file.h"
#include "harness/data/npy.h"
#include "tests/harness/data/line.h"
#include "tests/harness/data/statistics.h"
#include "tests/suites.h"

#define CORPUS "tests/corpus/npy/"

static struct at_failure failure;
static struct at_array array;

/* Every bad file and the part of its line after the file's name. */
static const char *const refused[][2] = {
  {"bad_after_dictionary.npy", "the header is not one dictionary; a .npy header is expected"},
  {"bad_beyond_2_53.npy", "entry 1 exceeds 2^53; smaller integers are accepted"},
  {"bad_boolean.npy", "element type '|b1' is not accepted; float64, float32, int8 to int64 and "
                      "uint8 are: save with numpy.save(name, array.astype('<f8'))"},
  {"bad_complex.npy", "element type '<c16' is not accepted; float64, float32, int8 to int64 and "
                      "uint8 are: save with numpy.save(name, array.astype('<f8'))"},
  {"bad_control.npy", "the element type is structured or unreadable; numbers (float64, float32, "
                      "integers) are accepted"},
  {"bad_cut_data.npy", "the shape promises more entries than the 191 bytes after the header hold; "
                       "the file is cut off or its shape is wrong"},
  {"bad_cut_header.npy", "the file ends within its header; it is cut off"},
  {"bad_cut_prefix.npy", "only 9 bytes long; a .npy file is expected"},
  {"bad_empty_file.npy", "only 0 bytes long; a .npy file is expected"},
  {"bad_fortran.npy", "Fortran order; C order is accepted: save numpy.ascontiguousarray(array)"},
  {"bad_half.npy", "element type '<f2' is not accepted; float64, float32, int8 to int64 and uint8 "
                   "are: save with numpy.save(name, array.astype('<f8'))"},
  {"bad_huge_header.npy", "the header claims 4294967295 bytes; at most 65536 are accepted"},
  {"bad_infinity.npy", "entry 0 is infinite; finite numbers are accepted"},
  {"bad_magic.npy", "does not begin like a .npy file; save it with numpy.save"},
  {"bad_minor_version.npy", ".npy version 1.1; versions 1.0, 2.0 and 3.0 are accepted"},
  {"bad_missing_key.npy",
   "the header lacks a key; 'descr', 'fortran_order' and 'shape' are needed"},
  {"bad_nan.npy", "entry 1 is not a number; finite numbers are accepted"},
  {"bad_no_comma.npy", "the header is not one dictionary; a .npy header is expected"},
  {"bad_no_data.npy", "the shape promises more entries than the 0 bytes after the header hold; the "
                      "file is cut off or its shape is wrong"},
  {"bad_no_dictionary.npy", "the header is not one dictionary; a .npy header is expected"},
  {"bad_no_entries.npy", "the array is empty; at least one entry is needed"},
  {"bad_object.npy", "element type '|O' is not accepted; float64, float32, int8 to int64 and uint8 "
                     "are: save with numpy.save(name, array.astype('<f8'))"},
  {"bad_open_dictionary.npy", "the header is not a dictionary; a .npy header is expected"},
  {"bad_order_word.npy", "'fortran_order' is neither True nor False; the header is damaged"},
  {"bad_repeated_key.npy", "the header has an unknown or repeated key 'descr'; 'descr', "
                           "'fortran_order' and 'shape', once each, are accepted"},
  {"bad_shape_beyond_64_bits.npy",
   "the shape is not a tuple of sizes below 2^64; the header is damaged"},
  {"bad_shape_commas.npy", "the shape is not a tuple of sizes below 2^64; the header is damaged"},
  {"bad_shape_list.npy", "the shape is not a tuple of sizes below 2^64; the header is damaged"},
  {"bad_shape_negative.npy", "the shape is not a tuple of sizes below 2^64; the header is damaged"},
  {"bad_shape_no_tuple.npy", "the shape is not a tuple of sizes below 2^64; the header is damaged"},
  {"bad_shape_overflow.npy", "the shape promises more entries than the 8 bytes after the header "
                             "hold; the file is cut off or its shape is wrong"},
  {"bad_shape_rank.npy", "more than 8 dimensions; at most 8 are accepted"},
  {"bad_structured.npy", "the element type is structured or unreadable; numbers (float64, float32, "
                         "integers) are accepted"},
  {"bad_text.npy", "element type '<U1' is not accepted; float64, float32, int8 to int64 and uint8 "
                   "are: save with numpy.save(name, array.astype('<f8'))"},
  {"bad_trailing.npy", "bytes left over after the array: 1; a file of one array is accepted"},
  {"bad_unknown_key.npy", "the header has an unknown or repeated key 'dtype'; 'descr', "
                          "'fortran_order' and 'shape', once each, are accepted"},
  {"bad_version.npy", ".npy version 4.0; versions 1.0, 2.0 and 3.0 are accepted"},
  {"bad_version2_cut.npy", "the file ends within its header; it is cut off"},
};

static void test_refused(void)
{
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    char path[120];
    char expected[400];
    (void)snprintf(path, sizeof path, CORPUS "%s", refused[i][0]);
    (void)snprintf(expected, sizeof expected, "%s: %s", path, refused[i][1]);
    at_test_fails(at_npy_read(&array, path, &failure), failure.line, expected);
    CU_ASSERT(array.value == NULL && array.count == 0);
  }
}

static bool corpus_read(const char *name)
{
  char path[120];
  (void)snprintf(path, sizeof path, CORPUS "%s", name);
  return at_test_works(at_npy_read(&array, path, &failure), failure.line) == 0;
}

/* The cube that corpus.py writes: shape (2, 3, 4), entry i = i/8 - 1. */
static void test_cubes(void)
{
  static const char *const cubes[] = {"f8_cube.npy",       "f8_version2.npy", "f8_version3.npy",
                                      "f8_big_endian.npy", "f4_cube.npy",     "f4_big_endian.npy"};
  for (size_t c = 0; c < sizeof cubes / sizeof *cubes; c++) {
    if (!corpus_read(cubes[c])) continue;
    CU_ASSERT(array.rank == 3 && array.count == 24);
    CU_ASSERT(array.shape[0] == 2 && array.shape[1] == 3 && array.shape[2] == 4);
    for (size_t i = 0; i < array.count; i++) {
      CU_ASSERT_EQUAL(array.value[i], (double)i / 8.0 - 1.0);
    }
    at_array_free(&array);
  }
}

static void values_check(const char *name, const double *expected, size_t count)
{
  if (!corpus_read(name)) return;
  CU_ASSERT(array.rank == 1 && array.shape[0] == count && array.count == count);
  CU_ASSERT(array.count == count && at_test_same(array.value, expected, count));
  at_array_free(&array);
}

static void test_values(void)
{
  static const double extremes[] = {0.0, -0.0, 0x1p-1074, -DBL_MAX, 1.0 / 3.0};
  static const double i8[] = {1.0, -1.0, -1.0, 0x1p53, -0x1p53};
  static const double i4[] = {1.0, -1.0, 0x1p31 - 1.0, -0x1p31};
  static const double i2[] = {1.0, -1.0, -32768.0};
  static const double i1[] = {1.0, -1.0, -128.0};
  static const double u1[] = {1.0, 0.0, 255.0};
  static const double four[] = {4.0};
  values_check("f8_extremes.npy", extremes, 5);
  values_check("i8_labels.npy", i8, 5);
  values_check("i4_labels.npy", i4, 4);
  values_check("i2_labels.npy", i2, 3);
  values_check("i1_labels.npy", i1, 3);
  values_check("u1_labels.npy", u1, 3);
  values_check("fortran_vector.npy", four, 1);
}

static void test_other_headers(void)
{
  if (corpus_read("scalar.npy")) {
    CU_ASSERT(array.rank == 0 && array.count == 1 && array.value[0] == 2.5);
    at_array_free(&array);
  }
  if (corpus_read("python2.npy")) {
    CU_ASSERT(array.rank == 2 && array.shape[0] == 1 && array.shape[1] == 2);
    CU_ASSERT(array.value[0] == 3.0 && array.value[1] == 4.0);
    at_array_free(&array);
  }
}

/* Every file cut at every length is refused: no prefix of a .npy file is a .npy file. The copy has
 * exactly that length, so that a sanitizer sees any read beyond it. */
static void test_prefixes(void)
{
  unsigned char *bytes;
  size_t size;
  CU_ASSERT_EQUAL_FATAL(at_file_read(&bytes, &size, CORPUS "f8_cube.npy", 100000, &failure), 0);
  for (size_t length = 0; length < size; length++) {
    unsigned char *prefix = malloc(length + 1);
    CU_ASSERT_PTR_NOT_NULL(prefix);
    if (prefix == NULL) return;
    unsigned char *exact = prefix + 1;
    memcpy(exact, bytes, length);
    CU_ASSERT_EQUAL(at_npy_parse(&array, exact, length, "prefix", &failure), -1);
    free(prefix);
  }
  free(bytes);
}

static void round_trip(const char *path, const double *value, const size_t *shape, size_t rank)
{
  CU_ASSERT_EQUAL(at_npy_write(path, value, shape, rank, &failure), 0);
  if (at_test_works(at_npy_read(&array, path, &failure), failure.line) != 0) return;
  CU_ASSERT_EQUAL(array.rank, rank);
  CU_ASSERT_EQUAL(memcmp(array.shape, shape, rank * sizeof *shape), 0);
  CU_ASSERT(at_test_same(array.value, value, array.count));
  at_array_free(&array);
}

static void test_round_trip(void)
{
  char path[] = "/tmp/at_npy_XXXXXX";
  static const double value[24] = {1.0, -0.0, 0x1p-1074, DBL_MAX, -1.0 / 3.0, DBL_MIN};
  static const size_t cube[] = {2, 3, 4};
  static const size_t vector[] = {24};
  static const size_t deep[] = {1, 2, 1, 3, 1, 4, 1, 1};
  int descriptor = mkstemp(path);
  CU_ASSERT_FATAL(descriptor >= 0);
  CU_ASSERT_EQUAL(close(descriptor), 0);
  round_trip(path, value, cube, 3);
  round_trip(path, value, vector, 1);
  round_trip(path, value, deep, AT_MAX_RANK);
  round_trip(path, value, vector, 0);
  CU_ASSERT_EQUAL(unlink(path), 0);
}

static void test_write_failures(void)
{
  static const double value[1] = {1.0};
  static const size_t one[AT_MAX_RANK + 1] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
  static const size_t huge[2] = {SIZE_MAX, 2};
  at_test_fails(at_npy_write("/dev/full", value, one, 1, &failure), failure.line,
                "/dev/full: cannot be written: No space left on device; give a writable path with "
                "enough space");
  at_test_fails(at_npy_write("/none", value, one, AT_MAX_RANK + 1, &failure), failure.line,
                "/none: the array is too large to be written as .npy; rank 8 and 2^30 entries are "
                "the most");
  at_test_fails(at_npy_write("/none", value, huge, 2, &failure), failure.line,
                "/none: the array is too large to be written as .npy; rank 8 and 2^30 entries are "
                "the most");
}

static void test_shape_count(void)
{
  static const size_t shape[3] = {SIZE_MAX, 0, 2};
  static const size_t large[2] = {SIZE_MAX / 2, 3};
  size_t count = 7;
  CU_ASSERT(at_shape_count(&count, shape, 3, 10) == 0 && count == 0);
  CU_ASSERT(at_shape_count(&count, shape, 0, 10) == 0 && count == 1);
  CU_ASSERT(at_shape_count(&count, shape, 0, 0) == -1);
  CU_ASSERT(at_shape_count(&count, large, 2, SIZE_MAX) == -1);
  CU_ASSERT(at_shape_count(&count, large, 1, SIZE_MAX / 2) == 0 && count == SIZE_MAX / 2);
  CU_ASSERT(at_shape_count(&count, large, 1, SIZE_MAX / 2 - 1) == -1);
}

void at_suite_npy(void)
{
  CU_pSuite suite = CU_add_suite("npy", NULL, NULL);
  CU_add_test(suite, "bad files are refused with their lines", test_refused);
  CU_add_test(suite, "NumPy's versions, widths and byte orders are read", test_cubes);
  CU_add_test(suite, "values are read to the bit", test_values);
  CU_add_test(suite, "scalars and Python 2's headers are read", test_other_headers);
  CU_add_test(suite, "every cut-off file is refused", test_prefixes);
  CU_add_test(suite, "what is written is read back to the bit", test_round_trip);
  CU_add_test(suite, "what cannot be written is said", test_write_failures);
  CU_add_test(suite, "shapes do not overflow", test_shape_count);
}
