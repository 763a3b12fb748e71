# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import datetime
import json
import os
import tempfile
import unittest

from bench.suite import outcome, results
from bench.suite.bars import at_least
from bench.suite.row import Row

ABOUT = {
    "date": "2026-01-02 03:04 UTC", "commit": "0123456789ab",
    "command": "scripts/bench", "rounds": 1, "seconds": 3.0,
    "machine": {"cpu": "a fast one", "processors": 2,
                "memory_bytes": 4 << 30, "kernel": "6.1", "system": "Debian",
                "data_file_system": "ext4"},
    "versions": {"sluiced": "1.2.3"},
}


class ResultsTest(unittest.TestCase):

    def setUp(self):
        self.record = outcome.Record()
        self.record.add("ours", {"rate": 2e6, "cpu": 0.5})
        row = Row("fast", "how fast", "ours", bar=at_least(1e6))
        self.outcomes = [outcome.judge(row, self.record)]

    def test_a_file_is_named_by_date_and_commit(self):
        when = datetime.datetime(2026, 1, 2, 3, 4)
        self.assertEqual(results.file_name(when, "0123456789ab", False),
                         "2026-01-02-0304-0123456789ab")
        self.assertEqual(results.file_name(when, "0123456789ab+", True),
                         "2026-01-02-0304-0123456789ab-changed-quick")

    def test_the_data_have_rows_and_every_round(self):
        data = results.as_data(ABOUT, self.outcomes, self.record)
        self.assertEqual(data["rows"][0]["verdict"], "met")
        self.assertEqual(data["rows"][0]["bar"], {"at_least": 1e6})
        self.assertEqual(data["scenarios"]["ours"], [{"rate": 2e6, "cpu": 0.5}])

    def test_the_page_says_where_and_what_and_at_which_cost(self):
        page = results.as_markdown(ABOUT, self.outcomes, self.record)
        self.assertIn("a fast one, 2 processors, 4 GiB of memory", page)
        self.assertIn("| fast | how fast | 2.000 M/s |", page)
        self.assertIn("| ours | 2.000 | 0.50 |", page)

    def test_both_files_are_written(self):
        with tempfile.TemporaryDirectory() as folder:
            data = results.as_data(ABOUT, self.outcomes, self.record)
            paths = results.write(os.path.join(folder, "new"), "name", data,
                                  "# page\n")
            with open(paths[0], encoding="utf-8") as file:
                self.assertEqual(json.load(file)["commit"], "0123456789ab")
            with open(paths[1], encoding="utf-8") as file:
                self.assertEqual(file.read(), "# page\n")


if __name__ == "__main__":
    unittest.main()
