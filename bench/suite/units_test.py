# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import units


class UnitsTest(unittest.TestCase):

    def test_rates_are_in_millions(self):
        self.assertEqual(units.text("rate", 1_687_000), "1.687 M/s")

    def test_a_small_rate_keeps_its_digits(self):
        self.assertEqual(units.text("rate", 8_600), "0.0086 M/s")

    def test_latencies_are_in_milliseconds(self):
        self.assertEqual(units.text("p99", 0.00123), "1.230 ms")

    def test_the_time_of_a_message_is_in_microseconds(self):
        self.assertEqual(units.text("publish_time_1e5", 1.5e-6), "1.500 us")

    def test_memory_is_in_megabytes(self):
        self.assertEqual(units.text("peak_rss", 123_456_789), "123 MB")

    def test_a_metric_that_nobody_described_is_a_plain_number(self):
        self.assertEqual(units.text("marbles", 3), "3.00")


if __name__ == "__main__":
    unittest.main()
