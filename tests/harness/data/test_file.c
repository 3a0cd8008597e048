/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/failure.h and harness/data/file.h.
 * Main result: failure lines stay one printable line; writing is all or nothing.
 * Assumptions: /tmp is writable; /dev/full exists (Linux).
 */
#define _XOPEN_SOURCE 700

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/data/file.h"
#include "tests/harness/data/line.h"
#include "tests/suites.h"

static char directory[] = "/tmp/at_file_XXXXXX";
static char path[64];
static struct at_failure failure;

static int directory_make(void)
{
  (void)snprintf(directory, sizeof directory, "/tmp/at_file_XXXXXX");
  if (mkdtemp(directory) == NULL) return 1;
  (void)snprintf(path, sizeof path, "%s/file", directory);
  return 0;
}

static int directory_remove(void)
{
  (void)unlink(path);
  return rmdir(directory);
}

/* The number of names in the directory: a temporary that is left behind shows. */
static int names_count(void)
{
  int count = 0;
  DIR *listing = opendir(directory);
  if (listing == NULL) return -1;
  for (const struct dirent *e = readdir(listing); e != NULL; e = readdir(listing)) {
    count += e->d_name[0] != '.';
  }
  (void)closedir(listing);
  return count;
}

static void content_check(const char *expected, size_t size)
{
  unsigned char *bytes;
  size_t got;
  if (at_test_works(at_file_read(&bytes, &got, path, 1000000, &failure), failure.line) == 0) {
    CU_ASSERT_EQUAL(got, size);
    CU_ASSERT(got == size && memcmp(bytes, expected, size) == 0);
    CU_ASSERT_EQUAL(bytes[got], 0);
    free(bytes);
  }
}

static void test_line(void)
{
  CU_ASSERT_EQUAL(at_fail(NULL, "%s", "nothing to fill"), -1);
  at_test_fails(at_fail(&failure, "%s: bad", "a\nb\x1b[2J\x7f"), failure.line, "a?b?[2J?: bad");
  at_test_fails(at_fail(&failure, "%s",
                        "\xc2\x9b"
                        "1m and \xc3\xa9"),
                failure.line, "??1m and \xc3\xa9");
}

static void test_long_line(void)
{
  char name[1000];
  memset(name, 'x', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  CU_ASSERT_EQUAL(at_fail(&failure, "%s: bad", name), -1);
  CU_ASSERT_EQUAL(strlen(failure.line), sizeof failure.line - 1);
  CU_ASSERT_STRING_EQUAL(failure.line + sizeof failure.line - 5, "x...");
}

static void test_write_and_replace(void)
{
  CU_ASSERT_EQUAL(at_file_write(path, "first", 5, &failure), 0);
  content_check("first", 5);
  CU_ASSERT_EQUAL(at_file_write(path, "", 0, &failure), 0);
  content_check("", 0);
  static char big[300000];
  memset(big, 'b', sizeof big);
  CU_ASSERT_EQUAL(at_file_write(path, big, sizeof big, &failure), 0);
  content_check(big, sizeof big);
  CU_ASSERT_EQUAL(names_count(), 1);
}

static void test_permissions(void)
{
  struct stat status;
  mode_t mask = umask(022);
  (void)unlink(path);
  CU_ASSERT_EQUAL(at_file_write(path, "x", 1, &failure), 0);
  (void)umask(mask);
  CU_ASSERT_EQUAL(stat(path, &status), 0);
  CU_ASSERT_EQUAL(status.st_mode & 0777, 0644);
}

/* Through a link the target changes and the link stays. */
static void test_link(void)
{
  char link_path[80];
  struct stat status;
  (void)snprintf(link_path, sizeof link_path, "%s/link", directory);
  CU_ASSERT_EQUAL(at_file_write(path, "old", 3, &failure), 0);
  CU_ASSERT_EQUAL(symlink(path, link_path), 0);
  CU_ASSERT_EQUAL(at_file_write(link_path, "new", 3, &failure), 0);
  CU_ASSERT(lstat(link_path, &status) == 0 && S_ISLNK(status.st_mode));
  content_check("new", 3);
  CU_ASSERT_EQUAL(unlink(link_path), 0);
}

static void test_write_failures(void)
{
  char bad[80];
  char expected[200];
  struct stat status;
  at_test_fails(at_file_write("", "x", 1, &failure), failure.line,
                "(empty name): cannot be written; give the path of a file");
  (void)snprintf(expected, sizeof expected, "%s: is a directory; give the path of a file",
                 directory);
  at_test_fails(at_file_write(directory, "x", 1, &failure), failure.line, expected);
  (void)snprintf(bad, sizeof bad, "%s/none/file", directory);
  (void)snprintf(expected, sizeof expected,
                 "%s: cannot be written: No such file or directory; give a writable path with "
                 "enough space",
                 bad);
  at_test_fails(at_file_write(bad, "x", 1, &failure), failure.line, expected);
  at_test_fails(at_file_write("/dev/full", "x", 1, &failure), failure.line,
                "/dev/full: cannot be written: No space left on device; give a writable path with "
                "enough space");
  CU_ASSERT(stat("/dev/full", &status) == 0 && S_ISCHR(status.st_mode));
}

static void test_read_failures(void)
{
  char expected[200];
  unsigned char *bytes;
  size_t size;
  CU_ASSERT_EQUAL(at_file_write(path, "12345", 5, &failure), 0);
  (void)snprintf(expected, sizeof expected,
                 "%s: longer than 4 bytes, the most that is accepted here", path);
  at_test_fails(at_file_read(&bytes, &size, path, 4, &failure), failure.line, expected);
  CU_ASSERT_PTR_NULL(bytes);
  CU_ASSERT_EQUAL(at_file_read(&bytes, &size, path, 5, &failure), 0);
  free(bytes);
  (void)snprintf(expected, sizeof expected,
                 "%s: cannot be read: Is a directory; give a readable file", directory);
  at_test_fails(at_file_read(&bytes, &size, directory, 4, &failure), failure.line, expected);
  at_test_fails(at_file_read(&bytes, &size, "/dev/zero", 100000, &failure), failure.line,
                "/dev/zero: longer than 100000 bytes, the most that is accepted here");
  at_test_fails(at_file_read(&bytes, &size, "/none", 4, &failure), failure.line,
                "/none: cannot be read: No such file or directory; give a readable file");
}

void at_suite_file(void)
{
  CU_pSuite suite = CU_add_suite("file", directory_make, directory_remove);
  CU_add_test(suite, "a failure line is one printable line", test_line);
  CU_add_test(suite, "a long failure line ends in dots", test_long_line);
  CU_add_test(suite, "a file is written whole and replaced", test_write_and_replace);
  CU_add_test(suite, "the umask decides the permissions", test_permissions);
  CU_add_test(suite, "a link is followed", test_link);
  CU_add_test(suite, "what cannot be written is said", test_write_failures);
  CU_add_test(suite, "what cannot be read is said", test_read_failures);
}
