# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""What every scenario is told. See options.py for where it comes from."""

import dataclasses
import os

from bench.suite import peers


@dataclasses.dataclass(frozen=True)
class Context:
    """How to measure, and with which binaries."""

    root: str  # of the checkout
    peers: peers.Peers
    seconds: float  # of a measurement that has no count of messages
    size: int = 200  # bytes of a body
    batch: int = 200  # messages in one publish
    streams: int = 2  # connections of our load generator
    outstanding: int = 16  # unanswered publishes of a stream
    backlog: int = 10_000_000  # messages of the longest backlog
    topic: str = "bench"
    channel: str = "load"  # the load generator's own default

    def binary(self, name):
        """A program that Bazel built in this checkout."""
        path = os.path.join(self.root, "bazel-bin", *name.split("/"))
        if not os.path.exists(path):
            raise RuntimeError(f"{path} is not there; leave --no-build out")
        return path


def total_memory_bytes():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
