# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
import os
import tempfile
import unittest

from bench.suite import peers


class PeersTest(unittest.TestCase):

    def test_a_missing_program_is_named_with_where_it_comes_from(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(peers.Missing, "nsqd is not in .*go"):
                peers.Peers(folder).path("nsqd")

    def test_the_folder_is_for_programs_of_nsq_only(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("nsqd", "redis-server"):
                path = os.path.join(folder, name)
                with open(path, "w", encoding="utf-8") as file:
                    file.write("#!/bin/sh\necho v1.3.0\n")
                os.chmod(path, 0o755)
            found = peers.Peers(folder)
            self.assertEqual(found.path("nsqd"), os.path.join(folder, "nsqd"))
            self.assertEqual(found.version("nsqd"), "1.3.0")
            try:
                self.assertNotEqual(os.path.dirname(found.path("redis-server")),
                                    folder)
            except peers.Missing:
                pass

    def test_a_version_is_found_in_what_a_program_says(self):
        self.assertEqual(peers.parse_version("Redis server v=7.0.15 sha=0"),
                         "7.0.15")
        self.assertEqual(peers.parse_version("none"), "of unknown version")


if __name__ == "__main__":
    unittest.main()
