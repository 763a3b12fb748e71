# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import unittest

from bench.suite import variations


class VariationsTest(unittest.TestCase):

    def test_no_batch_is_larger_than_a_node_takes(self):
        for size, batch in variations.SIZES.values():
            self.assertLessEqual(size * batch, 1 << 20)

    def test_what_a_run_leaves_in_memory_is_bounded(self):
        for name, (size, _) in variations.SIZES.items():
            self.assertLessEqual(size * variations.of_size(name)["messages"],
                                 2 << 30)

    def test_few_publishers_have_as_much_under_way_as_many(self):
        self.assertEqual(variations.of_publishers(8),
                         {"streams": 8, "outstanding": 4})
        self.assertEqual(variations.of_publishers(64)["outstanding"], 1)


if __name__ == "__main__":
    unittest.main()
