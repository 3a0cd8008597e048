#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# run.sh: proofs/run with tools that are missing, different, killed or that write damaged reports.
exec /usr/bin/python3 -B tests/proofs/test_run.py
