#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# report.sh: readers, writers, ledger and coverage check of the reports on proofs.
exec /usr/bin/python3 -B tests/proofs/test_report.py
