# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import resource
import unittest

from bench.suite import memory


class MemoryTest(unittest.TestCase):

    def test_touches_a_quarter_of_what_there_is(self):
        size = 64 << 20
        memory.warm(4 * size)
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.assertGreaterEqual(peak_kib * 1024, size)

    def test_leaves_a_machine_without_room_alone(self):
        memory.warm(0)


if __name__ == "__main__":
    unittest.main()
