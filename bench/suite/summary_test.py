# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import summary


class SummaryTest(unittest.TestCase):

    def test_a_spread_is_median_least_and_most(self):
        self.assertEqual(summary.spread([5, 1, 3]), summary.Spread(3, 1, 5))

    def test_a_ratio_is_that_of_the_medians(self):
        # The medians are 20 and 10; the ratios of rounds are 1, 2 and 4.
        ratio = summary.ratio([10, 20, 40], [10, 10, 10])
        self.assertEqual(ratio, summary.Spread(2, 1, 4))

    def test_rounds_are_compared_with_each_other(self):
        # A machine that got slower halfway changed both sides.
        ratio = summary.ratio([40, 20], [20, 10])
        self.assertEqual((ratio.least, ratio.most), (2, 2))

    def test_a_single_round_is_compared_with_the_first_of_several(self):
        self.assertEqual(summary.ratio([6], [2, 3, 4]), summary.Spread(2, 3, 3))


if __name__ == "__main__":
    unittest.main()
