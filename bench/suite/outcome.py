# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Rows filled in: figures, ratios and verdicts from what was measured."""

import dataclasses
from typing import Optional

from bench.suite import bars, row, summary


@dataclasses.dataclass(frozen=True)
class Outcome:
    row: row.Row
    ours: Optional[summary.Spread] = None
    theirs: Optional[summary.Spread] = None
    ratio: Optional[summary.Spread] = None
    verdict: str = ""
    not_measured: str = ""  # why

    @property
    def missed(self):
        return self.verdict == "missed"


class Record:
    """What scenarios found, round by round, or why they did not."""

    def __init__(self):
        self.rounds = {}  # scenario: [metrics]
        self.problems = {}  # scenario: why it was not measured
        self.failed = set()  # those that are problems of ours

    def add(self, scenario, metrics):
        self.rounds.setdefault(scenario, []).append(metrics)

    def missing(self, scenario, reason):
        self.problems[scenario] = reason

    def fail(self, scenario, reason):
        self.problems[scenario] = reason
        self.failed.add(scenario)

    def values(self, scenario, metric):
        return [metrics[metric] for metrics in self.rounds[scenario]]


def _problem(scenario, record):
    return f"{scenario}: {record.problems[scenario]}"


def judge(line, record):
    """The outcome of a row. Without a peer it still has our own figure."""
    if line.ours in record.problems:
        return Outcome(line, not_measured=_problem(line.ours, record))
    ours = record.values(line.ours, line.metric)
    if line.theirs in record.problems:
        return Outcome(line, summary.spread(ours),
                       not_measured=_problem(line.theirs, record))
    if not line.theirs:
        value = summary.spread(ours)
        return Outcome(line, value, verdict=bars.verdict(
            value.median, line.bar, line.stretch))
    theirs = record.values(line.theirs, line.their_metric or line.metric)
    ratio = summary.ratio(ours, theirs)
    return Outcome(line, summary.spread(ours), summary.spread(theirs), ratio,
                   bars.verdict(ratio.median, line.bar, line.stretch))
