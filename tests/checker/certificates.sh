#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# certificates.sh: attest-check accepts what `attest certify` writes and nothing that is false.
exec /usr/bin/python3 tests/checker/certificates.py "$BUILD"
