# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import nsq_scenarios


class NsqScenariosTest(unittest.TestCase):

    def test_the_rate_of_nsqs_tools_is_read(self):
        output = ("2026/01/02 03:04:05 duration: 1.001s - 131.8mb/s - "
                  "659123.45ops/s - 1.5us/op\n")
        self.assertEqual(nsq_scenarios.parse_rate(output), 659123.45)

    def test_nsqs_tools_without_a_rate_have_failed(self):
        with self.assertRaisesRegex(RuntimeError, "connection refused"):
            nsq_scenarios.parse_rate("panic: connection refused")


if __name__ == "__main__":
    unittest.main()
