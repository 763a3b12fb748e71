# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import load_generator

PHASE = {
    "seconds": 2.0,
    "client_cpu_seconds": 1.0,
    "published": {"messages": 400, "messages_per_second": 200,
                  "megabytes_per_second": 4},
    "consumed": {"messages": 200, "messages_per_second": 100,
                 "megabytes_per_second": 2},
    "server": {"cpu_seconds_per_million": 0.5, "peak_rss_bytes": 9,
               "voluntary_switches": 30, "involuntary_switches": 10},
}


class LoadGeneratorTest(unittest.TestCase):

    def test_the_rate_is_that_of_the_flow_that_is_asked_for(self):
        found = load_generator.metrics(PHASE, "consumed")
        self.assertEqual((found["rate"], found["megabytes_per_second"]),
                         (100, 2))

    def test_switches_are_divided_by_the_larger_flow(self):
        self.assertEqual(load_generator.metrics(PHASE, "consumed")["switches"],
                         0.1)

    def test_the_client_s_load_is_of_one_processor(self):
        self.assertEqual(
            load_generator.metrics(PHASE, "published")["client_load"], 0.5)


if __name__ == "__main__":
    unittest.main()
