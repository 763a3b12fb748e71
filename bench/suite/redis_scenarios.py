# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Redis Streams: the best peer that also fsyncs before it answers."""

import csv
import subprocess

from bench.suite import context as contexts
from bench.suite import measurement, memory, servers


def parse_rate(output):
    """Requests a second in redis-benchmark's CSV."""
    rows = list(csv.reader(output.strip().splitlines()))
    if len(rows) != 2 or rows[0][1] != "rps":
        raise RuntimeError(f"unreadable redis-benchmark output:\n{output}")
    return float(rows[1][1])


def publish(context):
    """XADD, with as many in one pipeline, and pipelines under way, as ours.

    Redis fsyncs once for all that it read before, so many pipelines are the
    fastest that it can do.
    """
    benchmark = context.peers.path("redis-benchmark")
    messages = int(context.seconds * 150_000)
    with servers.redis(context.peers.path("redis-server")) as server:
        memory.warm(contexts.total_memory_bytes())
        host, port = server.address.split(":")
        before = server.usage()
        output = subprocess.run(
            [benchmark, "-h", host, "-p", port, "--csv", "-P",
             str(context.batch), "-c",
             str(context.streams * context.outstanding), "-n", str(messages),
             "XADD", context.topic, "*", "body", "x" * context.size],
            check=True, stdout=subprocess.PIPE, text=True, timeout=120).stdout
        return measurement.measure(server.usage().since(before), messages,
                                   messages / parse_rate(output), context.size)
