# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Says on standard error what is being measured, and how long it may take."""

import sys
import time


class Progress:
    """On a terminal a line that changes; elsewhere a line a measurement.

    The time that is left is what each scenario took in the last round, and for
    those that were not run yet the average of those that were.
    """

    def __init__(self, plan, stream=None, clock=time.monotonic):
        self._names = [scenario.name for _, scenario in plan]
        self._rounds = max((number for number, _ in plan), default=0)
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._clock = clock
        self._seconds = {}  # scenario: what it took
        self._done = 0
        self._since = clock()

    def remaining_seconds(self):
        """None as long as nothing is known."""
        if not self._seconds:
            return None
        average = sum(self._seconds.values()) / len(self._seconds)
        return sum(self._seconds.get(name, average)
                   for name in self._names[self._done:])

    def start(self, round_number, scenario):
        self._since = self._clock()
        left = self.remaining_seconds()
        left = "" if left is None else f", {clock_text(left)} left"
        self._say(f"[{self._done + 1}/{len(self._names)}] "
                  f"round {round_number} of {self._rounds}{left}: "
                  f"{scenario.name}", end="" if self._live else "\n")

    def end(self, scenario, problem=None):
        self._seconds[scenario.name] = self._clock() - self._since
        self._done += 1
        if problem:
            self._say(f"{scenario.name}: {problem}", end="\n")

    def finish(self):
        if self._live:
            self._say("", end="")

    def _say(self, text, end):
        start = "\r\x1b[K" if self._live else ""
        self._stream.write(f"{start}{text}{end}")
        self._stream.flush()


def clock_text(seconds):
    minutes, seconds = divmod(int(seconds + 0.5), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"
