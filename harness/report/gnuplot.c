/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: run gnuplot as a child (see gnuplot.h).
 * Main result: no shell, no pipe that could fill up: the script, the picture and the complaints
 * are unnamed temporary files.
 * Assumptions: POSIX. Test: tests/harness/report/test_plot.c.
 */
#define _XOPEN_SOURCE 700

#include "harness/report/gnuplot.h"

#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/data/file.h"

enum { STREAMS = 3 };

/* Standard input, output and error of the child. */
struct child_files {
  FILE *stream[STREAMS];
};

static void files_close(struct child_files *files)
{
  for (int i = 0; i < STREAMS; i++) {
    if (files->stream[i] != NULL) {
      (void)fclose(files->stream[i]);
    }
  }
}

static int files_open(struct child_files *files, const char *script, size_t size,
                      struct at_failure *failure)
{
  bool good = true;
  for (int i = 0; i < STREAMS; i++) {
    files->stream[i] = tmpfile();
    good = good && files->stream[i] != NULL;
  }
  if (good) {
    FILE *input = files->stream[0];
    good = fwrite(script, 1, size, input) == size && fflush(input) == 0 &&
           fseek(input, 0, SEEK_SET) == 0;
  }
  if (!good) {
    int error = errno;
    files_close(files);
    return at_fail(failure, "a temporary file for gnuplot: %s; free some space in /tmp",
                   strerror(error));
  }
  return 0;
}

/* Starts the program on the three files and waits; *status is what waitpid says. Returns 0 or an
 * error number. */
static int child_run(int *status, const struct child_files *files)
{
  static char program[] = "gnuplot", defaults[] = "--default-settings", input[] = "-";
  static char locale[] = "LC_ALL=C.UTF-8", home[] = "HOME=/";
  char *words[] = {program, defaults, input, NULL};
  char path[4096] = "PATH=/usr/local/bin:/usr/bin:/bin";
  char *environment[] = {path, locale, home, NULL};
  const char *search = getenv("PATH");
  if (search != NULL && strlen(search) < sizeof path - sizeof "PATH=") {
    (void)snprintf(path, sizeof path, "PATH=%s", search);
  }
  pid_t child = 0;
  posix_spawn_file_actions_t actions;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) {
    return error;
  }
  for (int i = 0; i < STREAMS && error == 0; i++) {
    error = posix_spawn_file_actions_adddup2(&actions, fileno(files->stream[i]), i);
  }
  if (error == 0) {
    error = posix_spawnp(&child, program, &actions, NULL, words, environment);
  }
  (void)posix_spawn_file_actions_destroy(&actions);
  while (error == 0 && waitpid(child, status, 0) < 0) {
    error = errno == EINTR ? 0 : errno;
  }
  return error;
}

/* Reads all of a file that the child wrote; NULL when memory runs out or reading fails. */
static char *stream_read(size_t *size, FILE *stream)
{
  long length = fseek(stream, 0, SEEK_END) == 0 ? ftell(stream) : -1;
  char *text = length < 0 ? NULL : malloc((size_t)length + 1);
  if (text != NULL) {
    rewind(stream);
    *size = fread(text, 1, (size_t)length, stream);
    text[*size] = '\0';
  }
  return text;
}

/* The line of gnuplot's complaint that says what is wrong: the last one that is not blank. */
static int complaint_fail(FILE *stream, struct at_failure *failure)
{
  size_t size = 0;
  char *text = stream_read(&size, stream);
  while (text != NULL && size > 0 && strchr("\n\r\t ", text[size - 1]) != NULL) {
    text[--size] = '\0';
  }
  const char *line = text == NULL ? NULL : strrchr(text, '\n');
  line = line == NULL ? text : line + 1;
  at_fail(failure, "gnuplot failed: %s",
          line == NULL || line[0] == '\0' ? "it printed no picture" : line);
  free(text);
  return -1;
}

/* Whether the bytes end as a picture of the kind ends: PNG in the CRC of its empty IEND chunk. */
static bool picture_whole(const char *picture, size_t size, bool png)
{
  static const char end[] = "IEND\xAE\x42\x60\x82";
  const size_t length = sizeof end - 1;
  if (!png) return strstr(picture, "</svg>") != NULL;
  return size > length && memcmp(picture + size - length, end, length) == 0;
}

static int picture_write(const char *path, const struct child_files *files, bool png,
                         struct at_failure *failure)
{
  size_t size = 0;
  char *picture = stream_read(&size, files->stream[1]);
  int result = -1;
  if (picture == NULL) {
    result = at_fail(failure, "%s: the picture does not fit into this machine's memory", path);
  } else if (!picture_whole(picture, size, png)) {
    result = complaint_fail(files->stream[2], failure);
  } else {
    result = at_file_write(path, picture, size, failure);
  }
  free(picture);
  return result;
}

static int gnuplot_run(const char *path, const struct at_script *script, struct at_failure *failure)
{
  struct child_files files;
  int status = 0;
  if (files_open(&files, script->text, script->size, failure) != 0) {
    return -1;
  }
  int error = child_run(&status, &files);
  int result = -1;
  if (error == ENOENT || (error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 127)) {
    result = at_fail(failure, "%s: needs gnuplot, which is not on PATH; install gnuplot-nox", path);
  } else if (error != 0) {
    result = at_fail(failure, "gnuplot cannot be started: %s", strerror(error));
  } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    result = complaint_fail(files.stream[2], failure);
  } else {
    result = picture_write(path, &files, script->png, failure);
  }
  files_close(&files);
  return result;
}

static int script_start(struct at_script *script, const char *terminal, unsigned width,
                        unsigned height, struct at_failure *failure)
{
  *script = (struct at_script){NULL, NULL, 0, false};
  script->stream = open_memstream(&script->text, &script->size);
  if (script->stream == NULL) {
    return at_fail(failure, "a picture does not fit into this machine's memory");
  }
  (void)fprintf(script->stream,
                "set terminal %s size %u,%u background '#ffffff' enhanced\n"
                "set encoding utf8\nset decimalsign '.'\nset minussign\n"
                "set border 3 lc rgb '#555555'\nset tics nomirror out scale 0.6\n"
                "set grid ytics lc rgb '#e6e6e6' lt 1 lw 1\n"
                "set key outside below center horizontal Left reverse samplen 1.5 "
                "spacing 1.2 height 0.5\n",
                terminal, width, height);
  return 0;
}

int at_script_start(struct at_script *script, unsigned width, unsigned height,
                    struct at_failure *failure)
{
  return script_start(script, "svg font 'Helvetica,Arial,sans-serif,14'", width, height, failure);
}

int at_script_start_png(struct at_script *script, unsigned width, unsigned height,
                        struct at_failure *failure)
{
  const int result = script_start(script, "pngcairo font 'sans-serif,11'", width, height, failure);
  script->png = true;
  return result;
}

int at_script_finish(struct at_script *script, const char *path, struct at_failure *failure)
{
  bool bad = ferror(script->stream) != 0;
  bad = fclose(script->stream) != 0 || bad;
  int result = bad
                 ? at_fail(failure, "%s: the picture does not fit into this machine's memory", path)
                 : gnuplot_run(path, script, failure);
  free(script->text);
  *script = (struct at_script){NULL, NULL, 0, false};
  return result;
}
