# SPDX-License-Identifier: Apache-2.0
"""How WP is called: by every target, every canary and every mutant in the same way.

Main result: command() and environment().  The provers stop at step limits of their own
(proofs/wp/why3.conf.in); what has no answer within the seconds of a call is asked again with more
(LIMITS), so that a busy machine is no reason for an unproved goal.
"""
import os
import pathlib

from tools import ROOT

COMMON = ["-c11", "-machdep", "gcc_x86_64", "-warn-special-float", "non-finite",
          "-warn-unsigned-overflow"]
LIMITS = (8, 40, 200)  # seconds for one goal; the slowest proof known takes 15
SESSION = ROOT / "proofs/wp/session"


def environment(folder):
    """For Frama-C and Why3; writes the configuration of the provers into the folder."""
    text = (ROOT / "proofs/wp/why3.conf.in").read_text(encoding="utf-8")
    path = pathlib.Path(folder) / "why3.conf"
    path.write_text(text.replace("@HERE@", str(ROOT / "proofs/wp")), encoding="utf-8")
    # Frama-C takes relative paths from PWD, not from the folder that it runs in.
    return {**os.environ, "WHY3CONFIG": str(path), "PWD": str(ROOT), "LC_ALL": "C.UTF-8"}


def command(file, provers, session, cache, extra, seconds=LIMITS[1]):
    return ["frama-c", *COMMON, "-wp", "-wp-model", "Typed+Float", "-wp-rte",
            "-wp-driver", "proofs/wp/rounding_model.driver", "-wp-prover", provers,
            "-wp-timeout", str(seconds), "-wp-par", "1", "-wp-session", str(session),
            "-wp-cache", cache, *extra, file]
