# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""One thing that is measured, of one server."""

import dataclasses
from typing import Callable


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    run: Callable  # of a Context; returns metrics: see measurement.py
    # A long one, whose figures are limits and not rates, is run in one round.
    once: bool = False
