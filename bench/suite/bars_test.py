# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import bars


class BarsTest(unittest.TestCase):

    def test_a_limit_itself_meets_the_bar(self):
        self.assertTrue(bars.at_least(4).met_by(4))
        self.assertTrue(bars.at_most(4).met_by(4))

    def test_the_wrong_side_of_a_limit_does_not(self):
        self.assertFalse(bars.at_least(4).met_by(3.99))
        self.assertFalse(bars.at_most(4).met_by(4.01))

    def test_a_verdict_names_the_highest_that_is_reached(self):
        bar, stretch = bars.at_least(4), bars.at_least(6)
        self.assertEqual(bars.verdict(3, bar, stretch), "missed")
        self.assertEqual(bars.verdict(5, bar, stretch), "met")
        self.assertEqual(bars.verdict(6, bar, stretch), "stretch")

    def test_a_goal_without_a_bar_is_never_missed(self):
        self.assertEqual(bars.verdict(3, None, bars.at_most(2)), "")
        self.assertEqual(bars.verdict(1, None, bars.at_most(2)), "stretch")
        self.assertEqual(bars.verdict(1, None, None), "")


if __name__ == "__main__":
    unittest.main()
