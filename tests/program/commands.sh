#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# commands.sh: help, version, last lines, exit statuses and repeatability of every command.
set -u
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# expect STATUS ARGUMENT...: runs the program; output and errors go to $scratch/out and .../err.
expect() {
  local status=$1 got
  shift
  "$ATTEST" "$@" >"$scratch/out" 2>"$scratch/err"
  got=$?
  if [ $got -eq "$status" ]; then
    passed=$((passed + 1))
  else
    echo "commands.sh: attest $*: exit status $got, not $status: $(tail -n 1 "$scratch/err")"
    failed=$((failed + 1))
  fi
}

# check TEXT COMMAND...: the command succeeds.
check() {
  local text=$1
  shift
  if "$@" >/dev/null; then
    passed=$((passed + 1))
  else
    echo "commands.sh: $text"
    failed=$((failed + 1))
  fi
}

last_line() { tail -n 1 "$scratch/out" | grep -qE -- "$1"; }
lines() { [ "$(wc -l <"$scratch/$1")" -eq "$2" ]; }

expect 0 --help
check "--help names every command" grep -q "presets" "$scratch/out"
expect 0 --version
check "--version is one line" lines out 1
for command in two-step compare certify audit claims presets; do
  expect 0 $command --help
  check "attest $command --help tells the usage" grep -q "^Usage: attest $command" "$scratch/out"
  check "attest $command --help writes no errors" lines err 0
done
expect 0 presets
check "presets lists fig1" grep -q '^fig1 ' "$scratch/out"
expect 0 claims
check "claims ends in a count" last_line '^claims: [0-9]+;'

expect 0 certify
check "certify names the theorem" last_line '^certify: theorem parametric applies: two steps fit all 200 labels$'
expect 0 certify --preset repro-2
check "certify advises" grep -q '^    step size beta .*(theorem ' "$scratch/out"
check "certify says that nothing applies" last_line '^certify: no theorem applies$'
chance=(certify --chance --n 10 --dim 4000 --balanced --noisy-per-class 0 --rho 32.9 --beta 0.0165)
expect 0 "${chance[@]}" --seeds 3 --svg "$scratch/chance"
check "chance draws a picture" grep -q "no theorem about two steps" "$scratch/chance/chance.svg"
check "chance prints the grid" grep -q '^ *2  *16000 ' "$scratch/out"
check "chance ends with its bound" last_line '^chance: theorem parametric fails to apply with probability at most 4\.59e-05$'
expect 2 certify --steps 2
expect 2 certify --preset fashion-0-1

expect 0 two-step
check "two-step ends in a clear line" last_line '200 of 200 labels are fitted; kernel, MPFR and Arb agree'
check "no progress off a terminal" lines err 0
check "a verdict shows its number and a recalled sentence" \
  grep -qE '^  P3\.2 +proved +fit_clean@1 = 1: 1; theorem parametric applies +recalled ' "$scratch/out"
expect 0 two-step --seed 3 --n 40 --quiet
check "--quiet prints one line" lines out 1
expect 0 two-step --preset repro-2 --json - --quiet
check "JSON on standard output is only that" /usr/bin/python3 -m json.tool "$scratch/out"
expect 0 two-step --preset fashion-0-1
check "images have a test set" grep -q '/2000, in \[' "$scratch/out"
expect 0 two-step --preset repro-1 --tokens-per-sample 3
expect 0 two-step --preset repro-1 --coordinates full --n 40 --dim 900
expect 0 compare --preset repro-1 --steps 3 --precision 53
check "compare ends in a clear line" last_line '^compare: 40 rows, .* agree$'
expect 0 compare --precision 4096 --preset repro-2
expect 0 compare --preset repro-2 --json -
check "the JSON of compare on standard output is only that" /usr/bin/python3 -m json.tool "$scratch/out"
check "its last line is on standard error" grep -q '^compare: 30 rows, .* agree$' "$scratch/err"
expect 3 compare --n 20 --dim 1000 --rho 30000 --eta 0.1 --beta 1048576 --quiet
check "compare names what is undecided" last_line 'agree; something stayed undecided$'
expect 0 two-step --preset fig1 --balanced
check "a changed preset is not shown as the preset" grep -q '^custom: .* balanced, ' "$scratch/out"

# The same command gives the same bytes.
for k in 1 2; do
  expect 0 two-step --preset repro-2 --seed 9 --json "$scratch/$k.json" --csv "$scratch/$k.csv" \
    --svg "$scratch/svg$k" --save "$scratch/save$k"
done
check "JSON is repeatable" cmp "$scratch/1.json" "$scratch/2.json"
check "CSV is repeatable" cmp "$scratch/1.csv" "$scratch/2.csv"
check "pictures are repeatable" diff -r "$scratch/svg1" "$scratch/svg2"
check "saved files are repeatable" diff -r "$scratch/save1" "$scratch/save2"

# Verdicts: expected ones, others, and too few seeds to judge a probability.
expect 0 audit P3.5 P3.6 --seeds 2 --json "$scratch/audit.json"
check "audit counts its verdicts" last_line '^audit: [0-9]+ runs, [0-9]+ verdicts: .*refuted'
expect 0 audit P3.5 P3.6 --seeds 2 --expect "$scratch/audit.json" --quiet
expect 0 audit P3.5 --preset one-step --seeds 1 --expect "$scratch/audit.json"
sed 's/"verdict": "refuted"/"verdict": "holds"/' "$scratch/audit.json" >"$scratch/other.json"
expect 1 audit P3.5 P3.6 --seeds 2 --expect "$scratch/other.json"
check "a surprise is named" grep -q 'P3.5 on one-step: refuted, but .* expects holds' "$scratch/err"
expect 1 audit P3.5 P3.6 --seeds 2 --expect "$scratch/other.json" --json -
check "the JSON of audit on standard output is only that" /usr/bin/python3 -m json.tool "$scratch/out"
expect 3 audit P3.1 --preset fig1 --seeds 5 --json -
expect 1 audit P3.1 --preset fig1 --seeds 20 --expect "$scratch/audit.json"
check "an unexpected claim is named" grep -q 'P3.1 on fig1: holds, but .* expects nothing' "$scratch/err"
expect 3 audit P3.1 --preset fig1 --seeds 5
# 5 of 5: the lower end is (1/40)^(1/5) = 0.47817...
check "intervals are rounded outward" grep -qF '[0.4781, 1.0000]' "$scratch/out"
check "few seeds leave a probability undecided" grep -q 'undecided' "$scratch/out"
expect 0 audit P3.10 --preset repro-1 --seeds 1
check "a claim is judged on the preset that is named with it" grep -qE '^P3\.10 +repro-1 ' "$scratch/out"
expect 0 audit --preset fig2-10 --quiet
check "no verdict is said so" last_line '^audit: 1 runs, 0 verdicts; kernel'
expect 0 audit P3.2 --preset fig1 --seeds 20 --directory "$scratch/files"
check "files of the audit" test -s "$scratch/files/fig1/test-error.svg"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
