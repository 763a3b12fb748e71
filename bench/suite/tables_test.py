# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import outcome, tables
from bench.suite.bars import at_least, at_most
from bench.suite.row import Row


def outcomes():
    record = outcome.Record()
    record.add("ours", {"rate": 2e6, "p99": 0.001})
    record.add("ours", {"rate": 3e6, "p99": 0.001})
    record.add("theirs", {"rate": 1e6})
    record.add("theirs", {"rate": 1e6})
    record.missing("redis", "it is not here")
    rows = (Row("fast", "how fast", "ours", "theirs", bar=at_least(4)),
            Row("late", "how late", "ours", metric="p99",
                stretch=at_most(0.002)),
            Row("third", "a third", "ours", "redis", bar=at_least(1)))
    return [outcome.judge(row, record) for row in rows]


class TablesTest(unittest.TestCase):

    def test_a_row_with_a_peer_has_both_figures_and_the_ratio(self):
        self.assertEqual(
            tables.cells(outcomes()[0]),
            ("fast", "how fast", "2.500 M/s (2.000-3.000)", "1.000 M/s",
             "2.50 (2.00-3.00)", "≥ 4", "", "MISSED"))

    def test_a_row_without_a_peer_has_its_bar_in_the_unit_of_the_figure(self):
        self.assertEqual(
            tables.cells(outcomes()[1]),
            ("late", "how late", "1.000 ms", "", "", "", "≤ 2.000 ms",
             "stretch"))

    def test_what_was_not_measured_is_said(self):
        self.assertEqual(tables.cells(outcomes()[2])[-1], "not measured")
        self.assertEqual(tables.problems(outcomes()), [
            "missed: fast: how fast",
            "not measured: third: redis: it is not here"])

    def test_columns_of_the_text_line_up(self):
        lines = tables.text(outcomes()).splitlines()
        at = lines[0].index("what")
        self.assertEqual([line[at:at + 5] for line in lines[2:]],
                         ["how f", "how l", "a thi"])

    def test_markdown_has_as_many_cells_in_each_line(self):
        lines = tables.markdown(outcomes()).splitlines()
        self.assertEqual({line.count("|") for line in lines}, {9})


if __name__ == "__main__":
    unittest.main()
