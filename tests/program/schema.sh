#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# schema.sh: what the program writes as JSON is what specs/run.schema.json says, damage included.
exec /usr/bin/python3 tests/program/schema.py "$ATTEST"
