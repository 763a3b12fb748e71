# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import measurement, usage

USED = usage.Usage(cpu_seconds=3.0, switches=500, rss_bytes=1,
                   peak_rss_bytes=2, threads=4)


class MeasurementTest(unittest.TestCase):

    def test_costs_are_for_a_message_or_a_million(self):
        self.assertEqual(measurement.measure(USED, 2_000_000),
                         {"cpu": 1.5, "switches": 0.00025, "peak_rss": 2})

    def test_with_a_time_there_is_a_rate(self):
        found = measurement.measure(USED, 2_000_000, 4.0, body_bytes=200)
        self.assertEqual(found["rate"], 500_000)
        self.assertEqual(found["megabytes_per_second"], 100)

    def test_others_are_taken_as_they_are(self):
        self.assertEqual(measurement.measure(USED, 1, rate=7)["rate"], 7)


if __name__ == "__main__":
    unittest.main()
