#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# bad_usage.sh: every wrong command line, file and environment variable ends with exit status 2, one
# line on standard error that names the cause, and no file left behind.
set -u
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

complain() {
  echo "bad_usage.sh: $1"
  failed=$((failed + 1))
}

# refused WORD ARGUMENT...: exit status 2, one line with WORD in it, nothing else written.
refused() {
  local word=$1 status before after
  shift
  before=$(ls -A "$scratch/out")
  timeout 60 "$ATTEST" "$@" >"$scratch/stdout" 2>"$scratch/stderr"
  status=$?
  after=$(ls -A "$scratch/out")
  if [ $status -ne 2 ]; then
    complain "attest $*: exit status $status, not 2: $(head -n 1 "$scratch/stderr")"
  elif [ "$(wc -l <"$scratch/stderr")" -ne 1 ]; then
    complain "attest $*: $(wc -l <"$scratch/stderr") lines on standard error, not 1"
  elif ! grep -qF -- "$word" "$scratch/stderr"; then
    complain "attest $*: the line does not name '$word': $(cat "$scratch/stderr")"
  elif [ "$before" != "$after" ]; then
    complain "attest $*: left something behind: $after"
  else
    passed=$((passed + 1))
  fi
}

mkdir "$scratch/out"
out=$scratch/out/result

refused "no command"
refused "twostep" twostep
refused "--help" two-steps
for command in two-step compare audit sweep; do
  refused "--nonsense" $command --nonsense
  refused "--preset" $command --preset
  refused "fig1" $command --preset fig7
  refused "--seed" $command --seed -1
  refused "--seed" $command --seed 18446744073709551616
  refused "--precision" $command --precision 52
  refused "--precision" $command --precision 4097
done
for text in "" " " 0 -1 1e3 4097 0x10 "5 " nan 99999999999999999999; do
  refused "--n" two-step --n="$text"
done
for text in "" 0 -1 nan inf -inf 1e999 1e-999 abc 0.1x " 0.1" 0,1; do
  refused "--beta" two-step --beta="$text"
  refused "--rho" two-step --rho="$text"
done
for text in "" -0.1 1.1 nan abc; do refused "--eta" two-step --eta="$text"; done
for text in "" 2 -5 2.5 1e30; do refused "--dim" two-step --dim="$text"; done
for text in "" 1 65 x; do refused "--tokens-per-sample" two-step --tokens-per-sample="$text"; done
for text in "" 0 1001 x; do refused "--steps" two-step --steps="$text"; done
for text in "" some FULL; do refused "--coordinates" two-step --coordinates="$text"; done
refused "noisy" two-step --n 10 --noisy-per-class 11
refused "class" two-step --n 2 --dim 100 --seed 3 --noisy-per-class 2
refused "coordinates" two-step --dim 70000 --coordinates full
refused "--quiet" two-step --quiet=yes
refused "extra" two-step extra
refused "P9.9" audit P9.9
refused "--seeds" audit --seeds 0
refused "--seeds" audit P3.5 --seeds 2 --seed 18446744073709551615
refused "--chance" certify --svg "$out"
refused "--chance" certify --seeds 3
refused "--save" certify --chance --save "$out"
refused "--tokens" certify --chance --preset fashion-0-1
refused "--chance" certify --chance --tokens-per-sample 3
refused "--n" certify --chance --n 1
refused "--seed" certify --chance --n 4 --seed 18446744073709551615
refused "--seeds" certify --chance --seeds 0
refused "2^20" certify --chance --n 4 --dim 1000000000000000000
refused "--csv" two-step --json - --csv -
for option in --csv --svg --save; do refused "$option" compare $option "$out"; done
refused "--expect" audit --expect=
refused "$scratch/missing" audit P3.1 --expect "$scratch/missing"
echo '{"format": "something else"}' >"$scratch/other.json"
refused "$scratch/other.json" audit P3.1 --expect "$scratch/other.json"
head -c 100 /dev/urandom >"$scratch/noise.json"
refused "$scratch/noise.json" audit P3.1 --expect "$scratch/noise.json"

# Own data: the parts that must go together.
npy=tests/corpus/npy
refused "--labels" two-step --tokens "$out" --beta 1
refused "--tokens" two-step --labels "$out" --beta 1
refused "--tokens" two-step --clean-labels "$out"
refused "--test-labels" two-step --tokens "$out" --labels "$out" --test-tokens "$out" --beta 1
refused "--beta" two-step --tokens "$out" --labels "$out"
refused "--preset" two-step --tokens "$out" --labels "$out" --beta 1 --preset fig1
refused "--rho" two-step --tokens "$out" --labels "$out" --beta 1 --rho 3
refused "$scratch/none.npy" two-step --tokens "$scratch/none.npy" --labels "$out" --beta 1
refused "$scratch" two-step --tokens "$scratch" --labels "$out" --beta 1
refused "/dev/null" two-step --tokens /dev/null --labels "$out" --beta 1
refused "/dev/zero" two-step --tokens /dev/zero --labels "$out" --beta 1
for file in "$npy"/bad*.npy; do
  [ -e "$file" ] || continue
  refused "$file" two-step --tokens "$file" --labels "$file" --beta 1
done
/usr/bin/python3 - "$scratch" <<'END'
import sys
import numpy
where = sys.argv[1]
good = numpy.arange(24.0).reshape(4, 2, 3) / 8
def save(name, array): numpy.save(f"{where}/{name}.npy", array)
save("tokens", good)
save("labels", numpy.array([1.0, -1.0, 1.0, -1.0]))
save("one_class", numpy.ones(4))
save("zero_label", numpy.array([1.0, 0.0, 1.0, -1.0]))
save("short_labels", numpy.array([1.0, -1.0, 1.0]))
save("matrix_labels", numpy.ones((4, 1)))
save("flat_tokens", good.reshape(4, 6))
save("fortran", numpy.asfortranarray(good))
save("complex", good.astype(complex))
save("objects", numpy.array([[["a"]]], dtype=object))
save("empty", numpy.zeros((0, 2, 3)))
save("wide", numpy.zeros((1, 1, 65537)))
save("many_tokens", numpy.zeros((1, 65, 1)))
save("many_samples", numpy.zeros((4097, 1, 1)))
save("big_entry", good * 2.0**20)
bad = good.copy(); bad[1, 0, 2] = numpy.nan; save("nan", bad)
bad = good.copy(); bad[1, 0, 2] = numpy.inf; save("inf", bad)
END
for name in flat_tokens fortran complex objects empty wide many_tokens many_samples big_entry nan inf; do
  refused "$scratch/$name.npy" two-step --tokens "$scratch/$name.npy" --labels "$scratch/labels.npy" --beta 1
done
for name in one_class zero_label short_labels matrix_labels; do
  refused "$scratch/$name.npy" two-step --tokens "$scratch/tokens.npy" --labels "$scratch/$name.npy" --beta 1
done
given=(two-step --tokens "$scratch/tokens.npy" --labels "$scratch/labels.npy" --beta 1)
refused "$scratch/flat_tokens.npy" "${given[@]}" --test-tokens "$scratch/flat_tokens.npy" \
  --test-labels "$scratch/labels.npy"

# Output that cannot be written: nothing half-written is left.
small=(two-step --n 6 --dim 50 --rho 5 --noisy-per-class 1 --beta 0.1 --seed 2)
refused "$scratch/no/where.json" "${small[@]}" --json "$scratch/no/where.json"
refused "/dev/full" "${small[@]}" --json /dev/full
refused "/dev/full" "${small[@]}" --csv /dev/full
refused "$scratch/no/where" "${small[@]}" --save "$scratch/no/where"
refused "$scratch/other.json" "${small[@]}" --save "$scratch/other.json"
refused "$scratch/no/where" "${small[@]}" --svg "$scratch/no/where"
for sink in "--json -" "--csv -" ""; do
  # shellcheck disable=SC2086
  "$ATTEST" "${small[@]}" $sink >/dev/full 2>"$scratch/stderr"
  if [ $? -eq 2 ] && [ "$(wc -l <"$scratch/stderr")" -eq 1 ]; then
    passed=$((passed + 1))
  else
    complain "standard output full ($sink): $(cat "$scratch/stderr")"
  fi
done

# The environment: a directory of images that is not one, a build of the kernel that is none.
ATTEST_FASHION_DIR=$scratch/nothing refused "$scratch/nothing" two-step --preset fashion-0-1
ATTEST_KERNEL=x86-64-v9 refused "is not a build of the kernel" "${small[@]}"
ATTEST_KERNEL='' refused "is not a build of the kernel" "${small[@]}"
refused "different digits" two-step --preset fashion-3-3
refused "fashion" two-step --preset fashion-0-10

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
