# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Rounds of a measurement as one figure and its spread."""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Spread:
    median: float
    least: float
    most: float


def spread(values):
    return Spread(statistics.median(values), min(values), max(values))


def ratio(ours, theirs):
    """Of two lists of values, one a round and in the same order.

    The median is that of one list against that of the other, as a reader of the
    table would compute it. The rest is that of rounds: both sides of a round
    were measured within seconds, so a machine that gets slower changes both.
    """
    by_round = [a / b for a, b in zip(ours, theirs)]
    medians = statistics.median(ours) / statistics.median(theirs)
    return Spread(medians, min(by_round), max(by_round))
