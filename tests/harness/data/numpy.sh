#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# numpy.sh: NumPy and this project read each other's .npy files to the bit, and the committed
# corpora are what corpus.py writes.
#
# Assumption: python3 with NumPy; without it the test is skipped.
set -eu
cd "$(dirname "$0")/../../.."
python=/usr/bin/python3
$python -c 'import numpy' 2>/dev/null || exit 77
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/copy.c" <<'END'
#include <stdio.h>
#include <stdlib.h>

#include "harness/data/npy.h"

int main(int count, char **words)
{
  struct at_failure failure = {""};
  struct at_array array;
  if (count != 3 || at_npy_read(&array, words[1], &failure) != 0 ||
      at_npy_write(words[2], array.value, array.shape, array.rank, &failure) != 0) {
    puts(failure.line);
    return EXIT_FAILURE;
  }
  at_array_free(&array);
  return EXIT_SUCCESS;
}
END
${CC:-cc} -std=c11 -O1 -I. -o "$scratch/copy" "$scratch/copy.c" harness/failure.c \
  harness/data/npy.c harness/data/array.c harness/data/file.c
passed=0
for file in tests/corpus/npy/[!b]*.npy; do
  "$scratch/copy" "$file" "$scratch/copy.npy"
  $python - "$file" "$scratch/copy.npy" <<'END'
import sys

import numpy as np

given, copied = (np.load(name) for name in sys.argv[1:])
assert copied.dtype == np.dtype("<f8") and copied.shape == given.shape, (copied.dtype, copied.shape)
assert given.astype("<f8").tobytes() == copied.tobytes(), "values differ"
END
  passed=$((passed + 1))
done
tests/harness/data/corpus.py "$scratch/corpus"
for file in "$scratch"/corpus/npy/[!b]*; do # gzip and object pickles may vary with their versions
  cmp "$file" "tests/corpus/npy/${file##*/}"
done
passed=$((passed + 1))
echo "$passed passed, 0 failed"
