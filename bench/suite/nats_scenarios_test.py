# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import nats_scenarios, peers


class NatsScenariosTest(unittest.TestCase):

    def test_the_rate_of_all_publishers_is_read(self):
        output = ("17:45:41 Starting publisher, publishing 25,000 messages\n"
                  "\nPub stats: 153,854 msgs/sec ~ 29.35 MB/sec\n"
                  " min 9,616 | avg 9,865 | max 10,477 | stddev 213 msgs\n")
        self.assertEqual(nats_scenarios.parse_rate(output), 153854)

    def test_another_version_of_the_tool_is_as_good_as_none(self):
        with self.assertRaisesRegex(peers.Missing, "unknown long flag"):
            nats_scenarios.parse_rate("nats: error: unknown long flag '--js'")


if __name__ == "__main__":
    unittest.main()
