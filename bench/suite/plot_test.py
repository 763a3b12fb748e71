# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import plot


def row(metric, theirs):
    return {"title": "how fast", "metric": metric,
            "our_figure": {"median": 2e6},
            "their_figure": theirs and {"median": theirs}}


class PlotTest(unittest.TestCase):

    def test_rates_are_those_of_rows_that_compare(self):
        data = {"rows": [row("rate", 1e6), row("rate", None), row("cpu", 1)]}
        self.assertEqual(plot.rates(data), [("how fast", 2, 1)])

    def test_latencies_are_medians_of_rounds_in_milliseconds(self):
        rounds = [{"p50": n, "p99": 2 * n, "p999": 3 * n, "max": 4 * n}
                  for n in (0.001, 0.003, 0.002)]
        data = {"scenarios": {"sluiced latency": rounds,
                              "sluiced consume": [{"rate": 1}]}}
        self.assertEqual(plot.latencies(data),
                         [("sluiced latency", [2, 4, 6, 8])])


if __name__ == "__main__":
    unittest.main()
