#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# sweep.sh: a sweep that is killed again and again ends with the bytes of one that was not; so do
# other numbers of threads, and shards that are merged; what does not belong together is refused.
set -u
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

check() { # WHAT COMMAND...: what attest said stays in $scratch/said
  local said=$scratch/complaint
  case $2 in sweep | "$ATTEST") said=$scratch/said ;; esac
  if "${@:2}" >"$said" 2>&1; then
    passed=$((passed + 1))
  else
    echo "sweep.sh: $1: $(tail -n 2 "$said")"
    failed=$((failed + 1))
  fi
}

# refused WORD ARGUMENT...: exit status 2, one line with WORD in it.
refused() {
  "$ATTEST" "${@:2}" >"$scratch/stdout" 2>"$scratch/stderr"
  if [ $? -eq 2 ] && [ "$(wc -l <"$scratch/stderr")" -eq 1 ] && grep -qF -- "$1" "$scratch/stderr"
  then
    passed=$((passed + 1))
  else
    echo "sweep.sh: attest ${*:2}: no refusal that names '$1': $(cat "$scratch/stderr")"
    failed=$((failed + 1))
  fi
}

grid=(--x n=6:48:8 --y snr=0.05:1:6:log --dim 2000 --t 1.5 --eta 0.1 --seeds 6)
sweep() { # DIRECTORY ARGUMENT...
  "$ATTEST" sweep --directory "$scratch/$1" "${grid[@]}" "${@:2}"
}

check "a sweep" sweep whole --workers 1
check "its last line" grep -q '^sweep: 48 cells, 288 draws, .* held against the enclosure' \
  "$scratch/said"
touch "$scratch/now"
check "a finished sweep" sweep whole
check "does nothing" grep -q '^sweep: nothing to do, all 48 cells are there' "$scratch/said"
check "and touches nothing" test -z "$(find "$scratch/whole" -newer "$scratch/now" -type f)"
check "two threads" sweep two --workers 2
check "give the same bytes" diff -r "$scratch/whole" "$scratch/two"
check "seven threads" sweep seven --workers 7
check "give the same bytes" diff -r "$scratch/whole" "$scratch/seven"

# Killed after 10, 18, ... ms until it gets through, each time with a torn line at the end.
kills=0 done=no
for ((pause = 10; pause <= 20000; pause += pause / 3 + 5)); do
  "$ATTEST" sweep --directory "$scratch/killed" "${grid[@]}" >"$scratch/said" 2>&1 &
  job=$!
  (
    sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
    kill -9 $job 2>/dev/null
  ) &
  killer=$!
  if wait $job 2>/dev/null; then done=yes; else kills=$((kills + 1)); fi
  wait $killer 2>/dev/null
  [ $done = no ] || break
  # the head is whole: what comes now is a cell
  if grep -q '^shard .*' "$scratch/killed/sweep.cells" 2>/dev/null; then
    printf '17 6 6' >>"$scratch/killed/sweep.cells"
  fi
done
touch "$scratch/killed/sweep.json.partial-1-0" "$scratch/killed/mine.partial-1-0"
check "what a kill left of a file" sweep killed
check "is removed" rm "$scratch/killed/mine.partial-1-0" # and nothing else
check "it was killed at least twice" test $kills -ge 2
check "the same command came to an end" test $done = yes
check "with the same bytes" diff -r "$scratch/whole" "$scratch/killed"

# Cut off in the middle of a line, as a kill within a write would leave it.
mkdir "$scratch/cut"
head -c 3000 "$scratch/whole/sweep.cells" >"$scratch/cut/sweep.cells"
check "a torn line is cut off" sweep cut
check "and its cell computed again" diff -r "$scratch/whole" "$scratch/cut"

# Shards.
for part in 1 2 3; do check "part $part" sweep parts --shard $part/3; done
cp "$scratch/parts/shard-2-of-3.cells" "$scratch/part-2"
check "a finished part does nothing" sweep parts --shard 2/3
check "and stays as it is" cmp "$scratch/part-2" "$scratch/parts/shard-2-of-3.cells"
merge=("$ATTEST" merge --directory "$scratch/merged")
check "the parts merged" "${merge[@]}" "$scratch"/parts/*.cells
check "are the whole" diff -r "$scratch/whole" "$scratch/merged"
check "in any order" "${merge[@]}" "$scratch"/parts/shard-{3,1,2}-of-3.cells
check "are the whole" diff -r "$scratch/whole" "$scratch/merged"
check "a picture of each quantity" test "$(find "$scratch/whole" -name 'sweep-*.svg' | wc -l)" -eq 5
check "as PNG too" test "$(find "$scratch/whole" -name 'sweep-*.png' | wc -l)" -eq 5
check "the whole merged alone" "$ATTEST" merge --directory "$scratch/again" "$scratch/whole/sweep.cells"
check "is the whole" diff -r "$scratch/whole" "$scratch/again"

# What merge refuses.
out=$scratch/refused
refused "--directory" merge "$scratch/whole/sweep.cells"
refused "no shard" merge --directory "$out"
refused "part 2 of 3 is missing" merge --directory "$out" "$scratch"/parts/shard-{1,3}-of-3.cells
refused "part 1 of 3 is there already" merge --directory "$out" "$scratch"/parts/shard-{1,1,2}-of-3.cells
"$ATTEST" sweep --directory "$scratch/other" "${grid[@]}" --seed 2 --shard 2/3 >/dev/null
refused "seed=2, not seed=1" merge --directory "$out" "$scratch"/parts/shard-{1,3}-of-3.cells \
  "$scratch/other/shard-2-of-3.cells"
sweep halves --shard 2/2 >/dev/null
refused "of 2 parts" merge --directory "$out" "$scratch/parts/shard-1-of-3.cells" \
  "$scratch/halves/shard-2-of-2.cells"
head -n -1 "$scratch/parts/shard-1-of-3.cells" >"$scratch/short.cells"
refused "cell 45 is missing" merge --directory "$out" "$scratch/short.cells" \
  "$scratch"/parts/shard-{2,3}-of-3.cells
head -c -5 "$scratch/parts/shard-1-of-3.cells" >"$scratch/torn.cells"
refused "cut short" merge --directory "$out" "$scratch/torn.cells" \
  "$scratch"/parts/shard-{2,3}-of-3.cells
sed '5s/0/1/' "$scratch/parts/shard-1-of-3.cells" >"$scratch/changed.cells"
refused "line 5 is damaged" merge --directory "$out" "$scratch/changed.cells"
refused "this version" merge --directory "$out" /dev/null
refused "$scratch/nothing" merge --directory "$out" "$scratch/nothing"
check "refusals leave nothing behind" test ! -e "$out"

# What sweep refuses.
refused "seeds=6, not seeds=7" sweep --directory "$scratch/whole" "${grid[@]}" --seeds 7
cp "$scratch/changed.cells" "$scratch/cut/sweep.cells"
refused "sweep.cells: line 5 is damaged" sweep --directory "$scratch/cut" "${grid[@]}"
echo "my diary" >"$scratch/cut/sweep.cells"
refused "sweep.cells" sweep --directory "$scratch/cut" "${grid[@]}"
check "a stranger's file is left alone" grep -q "my diary" "$scratch/cut/sweep.cells"
exec 9>>"$scratch/two/sweep.cells"
flock 9
refused "another attest" sweep --directory "$scratch/two" "${grid[@]}"
exec 9>&-
refused "--directory" sweep "${grid[@]}"
refused "two axes" sweep --directory "$out" --x n=2,3
refused "--x" sweep --directory "$out" --x n --y snr=1
refused "both are n" sweep --directory "$out" --x n=2,3 --y n=2,3
refused "two names" sweep --directory "$out" --x snr=1 --y rho=2
refused "--n" sweep --directory "$out" --x n=2,3 --y snr=1 --n 4
refused "--rho" sweep --directory "$out" --x n=2,3 --y snr=1 --rho 4
refused "--beta and --t" sweep --directory "$out" --x n=2,3 --y snr=1 --t 1 --beta 2
refused "eta" sweep --directory "$out" --x n=2,3 --y eta=0,1 --noisy-per-class 1
for text in "" 0/3 4/3 1 1/ /3 a/b 1/2/3; do
  refused "--shard" sweep --directory "$out" "${grid[@]}" --shard="$text"
done
for text in "" 0 65 x; do refused "--workers" sweep --directory "$out" "${grid[@]}" --workers="$text"; done
refused "two tokens" sweep --directory "$out" --x n=2,4 --y eta=0,0.1 --preset fashion-0-1
refused "/dev/null" sweep --directory /dev/null "${grid[@]}"
check "refusals leave nothing behind" test ! -e "$out"

# The pictures that the README shows are those of the command that it shows.
check "the README's sweep" "$ATTEST" sweep --directory "$scratch/readme" --x t=0.1:10:13:log \
  --y snr=0.15:1.2:12:log --n 40 --dim 40000 --balanced --noisy-per-class 2
for picture in docs/sweep-*.svg; do
  check "$picture" cmp "$picture" "$scratch/readme/${picture#docs/}"
done

# Degenerate laws and long runs go to the enclosure, and are decided there.
check "one noise dimension" "$ATTEST" sweep --directory "$scratch/line" --x n=8,9 --y snr=0.5,1 \
  --dim 3 --beta 0.1 --seeds 2
check "is enclosed" grep -q ' 8 draws, 8 of them decided by the enclosure' "$scratch/said"
check "one step and thirty" "$ATTEST" sweep --directory "$scratch/long" --x steps=1,30 --y snr=0.5,1 \
  --n 8 --dim 200 --beta 0.1 --seeds 2
check "thirty are enclosed" grep -q ' 8 draws, 4 of them decided by the enclosure' "$scratch/said"
check "theorems are asked about" "$ATTEST" sweep --directory "$scratch/asked" --x snr=0.01,0.3 \
  --y t=1.5 --n 20 --dim 1000000 --theorems --seeds 2
check "and apply" grep -q '^0,20,1000000,0.01,.*,2,0,0,0,0,-' "$scratch/asked/sweep.csv"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
