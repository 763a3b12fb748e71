# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import redis_scenarios


class RedisScenariosTest(unittest.TestCase):

    def test_the_rate_of_redis_benchmark_is_read(self):
        output = ('"test","rps","avg_latency_ms","min_latency_ms"\n'
                  '"XADD bench * body xxx","179211.47","30.1","5.2"\n')
        self.assertEqual(redis_scenarios.parse_rate(output), 179211.47)

    def test_redis_benchmark_without_a_rate_has_failed(self):
        with self.assertRaisesRegex(RuntimeError, "Could not connect"):
            redis_scenarios.parse_rate("Could not connect to Redis")


if __name__ == "__main__":
    unittest.main()
