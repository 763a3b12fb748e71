# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""What a figure must reach, and whether it does."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Bar:
    """A limit for a figure: at least it, or at most."""

    limit: float
    at_least: bool

    def met_by(self, value):
        return value >= self.limit if self.at_least else value <= self.limit


def at_least(limit):
    return Bar(limit, True)


def at_most(limit):
    return Bar(limit, False)


def verdict(value, bar, stretch):
    """"missed", "met", "stretch", or "" where nothing is demanded.

    A goal without a bar can be reached or not, but not missed.
    """
    if bar and not bar.met_by(value):
        return "missed"
    if stretch and stretch.met_by(value):
        return "stretch"
    return "met" if bar else ""
