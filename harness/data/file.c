/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: whole-file reading and atomic writing (see file.h).
 * Main result: all or nothing under the final name.
 * Assumptions: POSIX. Test: tests/harness/data/test_file.c.
 */
#define _XOPEN_SOURCE 700

#include "harness/data/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMPORARY_ATTEMPTS = 100, FIRST_READ = 65536, MOST_OF_A_STREAM = 256 << 20 };

/* Writes all bytes or returns -1 with errno set; continues after a signal or a partial write. */
static int descriptor_write(int descriptor, const unsigned char *bytes, size_t size)
{
  while (size > 0) {
    size_t part = size < (size_t)INT_MAX ? size : (size_t)INT_MAX;
    ssize_t done = write(descriptor, bytes, part);
    if (done < 0 && errno != EINTR) {
      return -1;
    }
    if (done > 0) {
      bytes += done;
      size -= (size_t)done;
    }
  }
  return 0;
}

static int write_failed(struct at_failure *failure, const char *path, int error)
{
  return at_fail(failure, "%s: cannot be written: %s; give a writable path with enough space", path,
                 strerror(error));
}

/* Devices and pipes cannot be renamed onto: write through the existing node. */
static int device_write(const char *path, const void *bytes, size_t size,
                        struct at_failure *failure)
{
  int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return write_failed(failure, path, errno);
  }
  int error = descriptor_write(descriptor, bytes, size) != 0 ? errno : 0;
  if (close(descriptor) != 0 && error == 0) {
    error = errno;
  }
  return error == 0 ? 0 : write_failed(failure, path, error);
}

/* Creates a new file beside `path` and writes its name into temporary[capacity]. O_EXCL and the
 * mode 0666 let the umask decide the permissions, as for any file the user creates. */
static int temporary_open(char *temporary, size_t capacity, const char *path)
{
  for (int attempt = 0; attempt < TEMPORARY_ATTEMPTS; attempt++) {
    (void)snprintf(temporary, capacity, "%s.partial-%ld-%d", path, (long)getpid(), attempt);
    int descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0 || errno != EEXIST) {
      return descriptor;
    }
  }
  return -1;
}

/* The rename itself must survive a crash too; a file system that cannot sync a directory says so
 * with EINVAL, which loses nothing that it could have kept. */
static void directory_sync(const char *path)
{
  char directory[PATH_MAX];
  (void)snprintf(directory, sizeof directory, "%s", path);
  char *slash = strrchr(directory, '/');
  if (slash == NULL) {
    (void)snprintf(directory, sizeof directory, ".");
  } else {
    slash[slash == directory ? 1 : 0] = '\0';
  }
  int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    (void)fsync(descriptor);
    (void)close(descriptor);
  }
}

static int regular_write(const char *path, const void *bytes, size_t size)
{
  char temporary[PATH_MAX + 48];
  int descriptor = temporary_open(temporary, sizeof temporary, path);
  if (descriptor < 0) {
    return -1;
  }
  int error = descriptor_write(descriptor, bytes, size) != 0 ? errno : 0;
  if (error == 0 && fsync(descriptor) != 0) {
    error = errno;
  }
  if (close(descriptor) != 0 && error == 0) {
    error = errno;
  }
  if (error == 0 && rename(temporary, path) != 0) {
    error = errno;
  }
  if (error != 0) {
    (void)unlink(temporary);
    errno = error;
    return -1;
  }
  directory_sync(path);
  return 0;
}

int at_file_write(const char *path, const void *bytes, size_t size, struct at_failure *failure)
{
  struct stat status;
  char target[PATH_MAX];
  if (path[0] == '\0') {
    return at_fail(failure, "(empty name): cannot be written; give the path of a file");
  }
  size_t length = strlen(path);
  if (length >= sizeof target) {
    return write_failed(failure, path, ENAMETOOLONG);
  }
  memcpy(target, path, length + 1);
  if (stat(path, &status) == 0) {
    if (S_ISDIR(status.st_mode)) {
      return at_fail(failure, "%s: is a directory; give the path of a file", path);
    }
    if (!S_ISREG(status.st_mode)) {
      return device_write(path, bytes, size, failure);
    }
    if (realpath(path, target) == NULL) {
      return write_failed(failure, path, errno);
    }
  }
  return regular_write(target, bytes, size) == 0 ? 0 : write_failed(failure, path, errno);
}

/* Doubles the buffer up to limit + 1 bytes of content (one more than allowed, so that a file that
 * is too long is seen) and one byte for the closing NUL. Returns -1 with errno set. */
static int buffer_fill(unsigned char **bytes, size_t *size, int descriptor, size_t limit)
{
  size_t capacity = 0;
  for (;;) {
    if (*size + 1 >= capacity) {
      capacity = capacity == 0 ? FIRST_READ : 2 * capacity;
      capacity = capacity < limit + 2 ? capacity : limit + 2;
      unsigned char *larger = realloc(*bytes, capacity);
      if (larger == NULL) {
        return -1;
      }
      *bytes = larger;
    }
    ssize_t got = read(descriptor, *bytes + *size, capacity - 1 - *size);
    if (got < 0 && errno != EINTR) {
      return -1;
    }
    *size += got > 0 ? (size_t)got : 0;
    if (got == 0 || *size > limit) {
      (*bytes)[*size] = '\0';
      return 0;
    }
  }
}

/* What is not a regular file tells no size and may never end: a device, a pipe. */
static size_t limit_endless(int descriptor, size_t limit)
{
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status) != 0 || S_ISREG(status.st_mode)) {
    return limit;
  }
  return limit < (size_t)MOST_OF_A_STREAM ? limit : (size_t)MOST_OF_A_STREAM;
}

int at_file_read(unsigned char **bytes, size_t *size, const char *path, size_t limit,
                 struct at_failure *failure)
{
  *bytes = NULL;
  *size = 0;
  limit = limit < SIZE_MAX / 4 ? limit : SIZE_MAX / 4;
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  limit = limit_endless(descriptor, limit);
  int failed = descriptor < 0 || buffer_fill(bytes, size, descriptor, limit) != 0;
  int error = errno;
  if (descriptor >= 0) {
    (void)close(descriptor);
  }
  if (!failed && *size <= limit) {
    return 0;
  }
  free(*bytes);
  *bytes = NULL;
  *size = 0;
  if (failed) {
    return at_fail(failure, "%s: cannot be read: %s; give a readable file", path, strerror(error));
  }
  return at_fail(failure, "%s: longer than %zu bytes, the most that is accepted here", path, limit);
}
