# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import contextlib
import io
import unittest

from bench.suite import options


class OptionsTest(unittest.TestCase):

    def test_full_is_five_rounds(self):
        found = options.parse([], "/root")
        self.assertEqual((found.rounds, found.seconds), (5, 3))
        self.assertEqual(found.results_dir, "/root/bench/results")

    def test_quick_is_one_short_round(self):
        found = options.parse(["--quick"], "/root")
        self.assertEqual((found.rounds, found.seconds), (1, 2))

    def test_a_part_of_the_rows_is_written_only_where_it_is_told(self):
        self.assertIsNone(options.parse(["--only=both"], "/root").results_dir)
        found = options.parse(["--only=both", "--results-dir=/x"], "/root")
        self.assertEqual(found.results_dir, "/x")

    def test_usage_errors_end_with_two(self):
        for wrong in ("--only=nonsense", "--rounds=0", "--seconds=-1",
                      "--seconds=soon", "--nonsense", "argument"):
            with contextlib.redirect_stderr(io.StringIO()), \
                    self.assertRaises(SystemExit) as end:
                options.parse([wrong], "/root")
            self.assertEqual(end.exception.code, 2, wrong)


if __name__ == "__main__":
    unittest.main()
