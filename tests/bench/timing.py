# SPDX-License-Identifier: Apache-2.0
"""timing.py: how long several ways to do one thing take, measured in turns.

Main result: ratios of times that were taken next to each other, so that whatever else the machine
does meanwhile slows all contestants alike; the median over the rounds, the least and the largest.
A contestant is a function of one argument, the number of times it does its work.
"""
import dataclasses
import math
import random
import statistics
import time

SAMPLE_SECONDS = 0.008  # one timed stretch: long against the clock's step and the call from Python
MOST_ROUNDS = 31
LEAST_ROUNDS = 5


@dataclasses.dataclass
class Spread:
    """The median of the rounds, between the least and the largest."""

    low: float
    median: float
    high: float


def spread(values):
    return Spread(min(values), statistics.median(values), max(values))


def ratio(seconds, peer, ours):
    """Time of the peer over time of ours, round by round."""
    return spread([theirs / mine for theirs, mine in zip(seconds[peer], seconds[ours])])


def ratio_of_fastest(seconds, peer, ours):
    """The same of the fastest rounds: for wall clock, which counts what other programs do."""
    return min(seconds[peer]) / min(seconds[ours])


def repeats_for(run, clock):
    """How often `run` fits into one stretch; the first call, cold, does not count."""
    run(1)
    repeats = 1
    while True:
        start = clock()
        run(repeats)
        spent = clock() - start
        if spent > SAMPLE_SECONDS / 4:
            return max(1, math.ceil(repeats * SAMPLE_SECONDS / spent))
        repeats *= 2 if spent <= 0 else max(2, math.ceil(SAMPLE_SECONDS / (4 * spent)))


def in_turns(contestants, clock, budget, rest=0.0):
    """Seconds a repeat of each contestant (a dict of names), one number a round.

    Each round has its own order.  Before each stretch comes a rest of `rest` seconds: threads that
    the last contestant left spinning then no longer disturb the next.  After `budget` seconds of
    wall clock no round is begun, but LEAST_ROUNDS are done (fewer where one takes a third of it).
    """
    names = list(contestants)
    repeats = {name: repeats_for(run, clock) for name, run in contestants.items()}
    seconds = {name: [] for name in names}
    start = time.monotonic()
    for turn in range(MOST_ROUNDS):
        spent = time.monotonic() - start
        least = LEAST_ROUNDS if turn == 0 or spent / turn < budget / 3 else 3
        if turn >= least and spent > budget:
            break
        for name in random.Random(turn).sample(names, len(names)):
            run = contestants[name]
            time.sleep(rest)
            if repeats[name] > 1:
                run(math.ceil(repeats[name] / 8))  # warms the caches again
            begin = clock()
            run(repeats[name])
            seconds[name].append((clock() - begin) / repeats[name])
    return seconds
