# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import io
import unittest

from bench.suite import progress
from bench.suite.scenario import Scenario

A, B = Scenario("a", None), Scenario("b", None)


class Terminal(io.StringIO):

    def isatty(self):
        return True


class ProgressTest(unittest.TestCase):

    def setUp(self):
        self.now = 0
        self.stream = io.StringIO()
        self.progress = progress.Progress(
            [(1, A), (1, B), (2, A), (2, B)], self.stream, lambda: self.now)

    def measure(self, scenario, seconds, problem=None):
        self.progress.start(1, scenario)
        self.now += seconds
        self.progress.end(scenario, problem)

    def test_nothing_is_known_before_the_first_measurement(self):
        self.assertIsNone(self.progress.remaining_seconds())

    def test_what_was_not_run_yet_takes_the_average_of_what_was(self):
        self.measure(A, 10)
        self.assertEqual(self.progress.remaining_seconds(), 30)

    def test_what_was_run_takes_as_long_again(self):
        self.measure(A, 10)
        self.measure(B, 2)
        self.assertEqual(self.progress.remaining_seconds(), 12)

    def test_a_line_says_where_the_run_is(self):
        self.measure(A, 70)
        self.progress.start(1, B)
        self.assertEqual(self.stream.getvalue().splitlines()[-1],
                         "[2/4] round 1 of 2, 3 min 30 s left: b")

    def test_a_problem_is_said_at_once(self):
        self.measure(A, 1, "no such server")
        self.assertEqual(self.stream.getvalue().splitlines()[-1],
                         "a: no such server")

    def test_on_a_terminal_the_line_is_written_over(self):
        self.progress = progress.Progress([(1, A), (1, B)], Terminal(),
                                          lambda: 0)
        self.measure(A, 1)
        self.progress.start(1, B)
        self.assertNotIn("\n", self.progress._stream.getvalue())


if __name__ == "__main__":
    unittest.main()
