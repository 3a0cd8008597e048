#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# mutate.sh: mutants, control edits, verdicts and score of proofs/mutate.
exec /usr/bin/python3 -B tests/proofs/test_mutate.py
