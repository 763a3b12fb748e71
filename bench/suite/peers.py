# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Other people's programs: which of them are here."""

import os
import re
import shutil
import subprocess

WHERE_FROM = {
    "nsqd": "a release of nsq, or go install github.com/nsqio/nsq/apps/nsqd",
    "bench_writer": "nsq's sources, go build ./bench/bench_writer",
    "bench_reader": "nsq's sources, go build ./bench/bench_reader",
    "redis-server": "Debian's redis-server",
    "redis-benchmark": "Debian's redis-tools",
    "nats-server": "go install github.com/nats-io/nats-server/v2@latest",
    "nats": "go install github.com/nats-io/natscli/nats@v0.1.5",
}


class Missing(Exception):
    """A measurement needs a program that is not here."""


class Peers:
    """Finds programs on the PATH, or where an option says."""

    def __init__(self, nsqd_dir=None):
        self._nsqd_dir = nsqd_dir

    def path(self, name):
        from_nsq = name in ("nsqd", "bench_writer", "bench_reader")
        folder = self._nsqd_dir if from_nsq else None
        found = (shutil.which(os.path.join(folder, name)) if folder
                 else shutil.which(name))
        if not found:
            where = f"in {folder}" if folder else "on the PATH"
            raise Missing(f"{name} is not {where}; it comes with "
                          f"{WHERE_FROM[name]}")
        return found

    def version(self, name):
        """As it says itself, or why it cannot."""
        option = {"nsqd": "-version"}.get(name, "--version")
        try:
            output = subprocess.run([self.path(name), option], text=True,
                                    stdout=subprocess.PIPE, check=False,
                                    stderr=subprocess.STDOUT, timeout=10).stdout
        except Missing as missing:
            return f"missing: {missing}"
        return parse_version(output)


def parse_version(output):
    """The first number with dots in it, as in 1.3.0."""
    match = re.search(r"\d+(\.\d+)+", output)
    return match.group() if match else "of unknown version"
