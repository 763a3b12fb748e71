# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import outcome
from bench.suite.bars import at_least, at_most
from bench.suite.row import Row


class OutcomeTest(unittest.TestCase):

    def setUp(self):
        self.record = outcome.Record()
        for ours, theirs in ((8, 1), (9, 2), (10, 3)):
            self.record.add("ours", {"rate": ours, "cpu": 1})
            self.record.add("theirs", {"rate": theirs, "cpu": 4})

    def test_a_row_with_a_peer_is_judged_by_the_ratio(self):
        row = Row("n", "t", "ours", "theirs", bar=at_least(4.5),
                  stretch=at_least(4.6))
        found = outcome.judge(row, self.record)
        self.assertEqual(found.ratio.median, 4.5)
        self.assertEqual(found.verdict, "met")

    def test_a_row_without_a_peer_is_judged_by_its_figure(self):
        found = outcome.judge(Row("n", "t", "ours", bar=at_most(8.5)),
                              self.record)
        self.assertEqual(found.ours.median, 9)
        self.assertTrue(found.missed)

    def test_costs_are_ratios_too(self):
        row = Row("n", "t", "ours", "theirs", metric="cpu", bar=at_most(0.25))
        self.assertEqual(outcome.judge(row, self.record).verdict, "met")

    def test_both_sides_may_have_metrics_of_their_own(self):
        row = Row("n", "t", "ours", "theirs", metric="rate", their_metric="cpu")
        self.assertEqual(outcome.judge(row, self.record).ratio.median, 9 / 4)

    def test_a_row_of_which_a_side_is_missing_says_why(self):
        self.record.missing("theirs", "no nsqd here")
        found = outcome.judge(Row("n", "t", "ours", "theirs", bar=at_least(9)),
                              self.record)
        self.assertEqual(found.not_measured, "theirs: no nsqd here")
        self.assertFalse(found.missed)

    def test_a_row_without_its_peer_still_has_our_figure(self):
        self.record.missing("theirs", "no nsqd here")
        found = outcome.judge(Row("n", "t", "ours", "theirs"), self.record)
        self.assertEqual(found.ours.median, 9)
        self.assertIsNone(found.ratio)

    def test_a_row_of_which_our_side_failed_has_nothing(self):
        self.record.fail("ours", "it fell over")
        found = outcome.judge(Row("n", "t", "ours", "theirs"), self.record)
        self.assertEqual(found.not_measured, "ours: it fell over")
        self.assertIsNone(found.ours)


if __name__ == "__main__":
    unittest.main()
