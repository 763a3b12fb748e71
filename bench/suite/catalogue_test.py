# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import catalogue


class CatalogueTest(unittest.TestCase):

    def test_every_row_names_scenarios_that_exist(self):
        for row in catalogue.ROWS:
            for name in row.scenarios:
                self.assertIn(name, catalogue.SCENARIOS, row.title)

    def test_every_scenario_is_in_some_row(self):
        used = {name for row in catalogue.ROWS for name in row.scenarios}
        self.assertEqual(used, set(catalogue.SCENARIOS))

    def test_no_stretch_is_easier_than_its_bar(self):
        for row in catalogue.ROWS:
            if row.bar and row.stretch:
                self.assertTrue(row.bar.met_by(row.stretch.limit), row.title)

    def test_quick_leaves_the_long_ones_out(self):
        rows = catalogue.choose(quick=True, only=[])
        self.assertTrue(rows)
        self.assertFalse([name for row in rows for name in row.scenarios
                          if catalogue.SCENARIOS[name].once])

    def test_only_takes_every_row_of_a_name_in_any_mode(self):
        rows = catalogue.choose(quick=True, only=["backlog"])
        self.assertGreater(len(rows), 1)
        self.assertEqual({row.name for row in rows}, {"backlog"})

    def test_a_scenario_of_two_rows_is_measured_once(self):
        names = [scenario.name for scenario
                 in catalogue.scenarios_of(catalogue.ROWS)]
        self.assertEqual(len(names), len(set(names)))

    def test_both_sides_of_a_row_follow_each_other(self):
        rows = catalogue.choose(quick=False, only=["publish-memory"])
        self.assertEqual(
            [scenario.name for scenario in catalogue.scenarios_of(rows)],
            ["sluiced publish MEMORY", "nsqd publish in memory"])


if __name__ == "__main__":
    unittest.main()
