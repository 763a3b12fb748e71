# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import latency_scenarios

REPORT = {
    "latency": {"count": 1000, "mean": 2, "p50": 1, "p99": 3, "p999": 4,
                "max": 5},
    "lateness": {"count": 1000, "mean": 0, "p50": 0, "p99": 0.5, "p999": 1,
                 "max": 2},
    "server": {"cpu_seconds": 0.25, "peak_rss_bytes": 9, "switches": 2000},
}


class LatencyScenariosTest(unittest.TestCase):

    def test_quantiles_are_those_of_the_messages(self):
        found = latency_scenarios.metrics(REPORT)
        self.assertEqual([found[n] for n in ("p50", "p99", "p999", "max")],
                         [1, 3, 4, 5])

    def test_the_generators_own_lateness_is_kept(self):
        self.assertEqual(
            latency_scenarios.metrics(REPORT)["generator_p99"], 0.5)

    def test_costs_are_for_a_message_or_a_million(self):
        found = latency_scenarios.metrics(REPORT)
        self.assertEqual((found["cpu"], found["switches"]), (250, 2))


if __name__ == "__main__":
    unittest.main()
