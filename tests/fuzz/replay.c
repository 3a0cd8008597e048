/* SPDX-License-Identifier: Apache-2.0
 *
 * replay.c: runs a fuzz target without libFuzzer.
 *
 *   replay_NAME RUNS DIRECTORY
 *
 * Main result: the target has been run on every file of the directory and on RUNS mutants of them,
 * always the same ones: the mutations are drawn from counter-based streams. Each input lies in an
 * allocation of exactly its size, so that a sanitizer sees any read beyond it. A target that finds
 * a fault aborts; exit status 0 means that none did.
 * Assumptions: linked with one fuzz_NAME.c; the directory holds regular files only.
 */
#define _XOPEN_SOURCE 700

#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/file.h"
#include "harness/data/random.h"

enum { MAX_FILES = 1024, MAX_BYTES = 1 << 20, MAX_EDITS = 4, MAX_GROWTH = 64 };

struct input {
  unsigned char *bytes;
  size_t size;
};

struct corpus {
  struct input file[MAX_FILES];
  size_t count;
};

/* Random words of one mutant: the stream, its number, and how many words were taken. */
struct dice {
  struct at_stream stream;
  uint64_t number;
  uint64_t taken;
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A number below `bound`; its tiny bias does not matter here. */
static size_t dice_below(struct dice *dice, size_t bound)
{
  uint64_t word[2];
  at_random_block(word, &dice->stream, dice->number, dice->taken++);
  return bound == 0 ? 0 : (size_t)(word[0] % bound);
}

static int name_order(const struct dirent **left, const struct dirent **right)
{
  return strcmp((*left)->d_name, (*right)->d_name);
}

static int name_visible(const struct dirent *entry)
{
  return entry->d_name[0] != '.';
}

/* The files in the order of their names, so that a run does not depend on the file system. */
static int corpus_read(struct corpus *corpus, const char *directory, struct at_failure *failure)
{
  struct dirent **names;
  int count = scandir(directory, &names, name_visible, name_order);
  if (count < 1 || count > MAX_FILES) {
    return at_fail(failure, "%s: no corpus; a directory of 1 to %d files is accepted", directory,
                   MAX_FILES);
  }
  int result = 0;
  for (int i = 0; i < count; i++) {
    char path[PATH_MAX];
    struct input *file = &corpus->file[corpus->count];
    (void)snprintf(path, sizeof path, "%s/%s", directory, names[i]->d_name);
    if (result == 0) {
      result = at_file_read(&file->bytes, &file->size, path, MAX_BYTES, failure);
      corpus->count += result == 0 ? 1 : 0;
    }
    free(names[i]);
  }
  free(names);
  return result;
}

static void corpus_free(struct corpus *corpus)
{
  for (size_t i = 0; i < corpus->count; i++) {
    free(corpus->file[i].bytes);
  }
}

/* Runs the target on a copy of exactly the input's size. */
static void target_run(const unsigned char *bytes, size_t size)
{
  unsigned char *exact = malloc(size > 0 ? size : 1);
  if (exact == NULL) return;
  memcpy(exact, bytes, size);
  (void)LLVMFuzzerTestOneInput(exact, size);
  free(exact);
}

/* One edit of bytes[*size] in a buffer with room for MAX_GROWTH more. */
static void edit(unsigned char *bytes, size_t *size, size_t capacity, struct dice *dice)
{
  static const unsigned char telling[] = {0,   1,   0x7F, 0x80, 0xFF, '\'',
                                          '(', ')', ',',  '9',  '{',  '}'};
  size_t place = *size > 0 ? dice_below(dice, *size) : 0;
  size_t length = 1 + dice_below(dice, 8);
  switch (dice_below(dice, 6)) {
  case 0: /* cut off */ *size = place; break;
  case 1: /* flip one bit */
    if (*size > 0) bytes[place] = (unsigned char)(bytes[place] ^ (1U << dice_below(dice, 8)));
    break;
  case 2: /* a byte that parsers stumble over */
    if (*size > 0) bytes[place] = telling[dice_below(dice, sizeof telling)];
    break;
  case 3: /* remove some bytes */
    length = length < *size - place ? length : *size - place;
    memmove(bytes + place, bytes + place + length, *size - place - length);
    *size -= length;
    break;
  case 4: /* insert some bytes */
    if (*size + length <= capacity) {
      memmove(bytes + place + length, bytes + place, *size - place);
      for (size_t i = 0; i < length; i++) bytes[place + i] = (unsigned char)dice_below(dice, 256);
      *size += length;
    }
    break;
  default: /* repeat some bytes */
    for (size_t i = 0; place + length + i < *size && i < length; i++) {
      bytes[place + length + i] = bytes[place + i];
    }
    break;
  }
}

/* Mutant number `run`: one file of the corpus with one to four edits. */
static int mutant_run(const struct corpus *corpus, uint64_t run)
{
  struct dice dice = {at_stream_open(1, "replay.mutants"), run, 0};
  const struct input *file = &corpus->file[dice_below(&dice, corpus->count)];
  size_t capacity = file->size + MAX_GROWTH;
  size_t size = file->size;
  unsigned char *bytes = malloc(capacity);
  if (bytes == NULL) return -1;
  memcpy(bytes, file->bytes, size);
  size_t edits = 1 + dice_below(&dice, MAX_EDITS);
  for (size_t i = 0; i < edits; i++) {
    edit(bytes, &size, capacity, &dice);
  }
  target_run(bytes, size);
  free(bytes);
  return 0;
}

int main(int count, char **words)
{
  static struct corpus corpus;
  struct at_failure failure = {""};
  char *end = NULL;
  unsigned long long runs = count == 3 ? strtoull(words[1], &end, 10) : 0;
  if (count != 3 || end == words[1] || *end != '\0') {
    (void)fprintf(stderr, "usage: replay RUNS DIRECTORY\n");
    return 2;
  }
  int result = corpus_read(&corpus, words[2], &failure);
  for (size_t i = 0; result == 0 && i < corpus.count; i++) {
    target_run(corpus.file[i].bytes, corpus.file[i].size);
  }
  for (uint64_t run = 0; result == 0 && run < runs; run++) {
    result = mutant_run(&corpus, run);
  }
  corpus_free(&corpus);
  if (result != 0) {
    (void)fprintf(stderr, "%s\n", failure.line[0] != '\0' ? failure.line : "no memory");
    return EXIT_FAILURE;
  }
  (void)printf("%zu files and %llu mutants: no fault\n", corpus.count, runs);
  return EXIT_SUCCESS;
}
