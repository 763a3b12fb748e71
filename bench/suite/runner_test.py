# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import io
import unittest

from bench.suite import peers, progress, runner
from bench.suite.scenario import Scenario


class RunnerTest(unittest.TestCase):

    def run_all(self, scenarios, rounds):
        order = runner.plan(scenarios, rounds)
        return runner.run(scenarios, rounds, "the context",
                          progress.Progress(order, io.StringIO()))

    def test_servers_take_turns_and_long_ones_come_last_and_once(self):
        long_one = Scenario("long", None, once=True)
        a, b = Scenario("a", None), Scenario("b", None)
        self.assertEqual(
            runner.plan([a, long_one, b], 2),
            [(1, a), (1, b), (2, a), (2, b), (1, long_one)])

    def test_every_round_is_recorded(self):
        values = iter([1, 2])
        record = self.run_all(
            [Scenario("a", lambda _: {"rate": next(values)})], 2)
        self.assertEqual(record.values("a", "rate"), [1, 2])

    def test_a_scenario_is_told_the_context(self):
        record = self.run_all([Scenario("a", lambda c: {"seen": c})], 1)
        self.assertEqual(record.values("a", "seen"), ["the context"])

    def test_a_missing_peer_is_recorded_but_is_no_failure(self):
        def missing(_):
            raise peers.Missing("nsqd is not here")
        record = self.run_all([Scenario("a", missing)], 2)
        self.assertEqual(record.problems, {"a": "nsqd is not here"})
        self.assertFalse(record.failed)

    def test_a_failure_is_not_tried_again_and_the_others_go_on(self):
        calls = []

        def fails(_):
            calls.append("called")
            raise RuntimeError("broken")
        record = self.run_all(
            [Scenario("a", fails), Scenario("b", lambda _: {"rate": 1})], 2)
        self.assertEqual(calls, ["called"])
        self.assertEqual(record.failed, {"a"})
        self.assertEqual(record.values("b", "rate"), [1, 1])


if __name__ == "__main__":
    unittest.main()
