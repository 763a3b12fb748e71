# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""A row of the results: a figure of one scenario, or of two as a ratio."""

import dataclasses
from typing import Optional

from bench.suite import bars


@dataclasses.dataclass(frozen=True)
class Row:
    """`ours` and `theirs` are names of scenarios.

    Without `theirs` the bar is for the figure itself, with it for the ratio.
    Rows of the same name are measured together.
    """

    name: str  # as in --only=NAME
    title: str
    ours: str
    theirs: Optional[str] = None
    metric: str = "rate"
    their_metric: Optional[str] = None  # where it is another one than ours
    bar: Optional[bars.Bar] = None
    stretch: Optional[bars.Bar] = None
    quick: bool = True  # whether --quick has it

    @property
    def scenarios(self):
        return [name for name in (self.ours, self.theirs) if name]
