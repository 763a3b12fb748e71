# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Thousands of channels: what a node needs to start with them, and to idle."""

import time

from bench.suite import load_generator, servers

TOPICS = 1_000
CHANNELS = 10
_IDLE_SECONDS = 5
_STOP_SECONDS = 60


def _make(context, server):
    load_generator.run(
        context, server, "hold", duration="1s", topics=TOPICS, streams=1,
        channels=",".join(f"ch{i}" for i in range(CHANNELS)), connections=100)


def measure(context):
    binary = context.binary("server/sluiced")
    with servers.scratch() as folder:
        with servers.sluiced_on(binary, folder) as server:
            _make(context, server)
            server.terminate(_STOP_SECONDS)
        start = time.monotonic()
        with servers.sluiced_on(binary, folder) as server:
            found = {"start": time.monotonic() - start}
            before = server.usage()
            time.sleep(_IDLE_SECONDS)
            after = server.usage()
            used = after.since(before)
            return {**found, "rss": after.rss_bytes,
                    "peak_rss": after.peak_rss_bytes,
                    "threads": after.threads,
                    "idle_cpu": used.cpu_seconds / _IDLE_SECONDS}
