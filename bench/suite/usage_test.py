# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import os
import unittest

from bench.suite import usage


class UsageTest(unittest.TestCase):

    def test_a_name_with_spaces_does_not_shift_the_fields(self):
        stat = "7 (a (b) c) S " + " ".join(str(n) for n in range(4, 53))
        ticks = os.sysconf("SC_CLK_TCK")
        self.assertEqual(usage.parse_cpu_seconds(stat), (14 + 15) / ticks)

    def test_status_fields_are_the_first_word(self):
        fields = usage.parse_status("Name:\tx\nVmRSS:\t  12 kB\nGroups:\t\n")
        self.assertEqual(fields, {"Name": "x", "VmRSS": "12", "Groups": ""})

    def test_this_process_has_used_something(self):
        found = usage.of_process(os.getpid())
        self.assertGreater(found.rss_bytes, 1 << 20)
        self.assertGreaterEqual(found.peak_rss_bytes, found.rss_bytes)
        self.assertGreaterEqual(found.threads, 1)

    def test_a_difference_keeps_the_memory(self):
        before = usage.Usage(1.0, 10, 100, 200, 3)
        after = usage.Usage(1.5, 14, 150, 250, 4)
        self.assertEqual(after.since(before), usage.Usage(0.5, 4, 150, 250, 4))


if __name__ == "__main__":
    unittest.main()
