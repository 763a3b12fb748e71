# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""A backlog that nobody consumes, then drained: memory, disk and rates."""

import time

from bench.suite import load_generator, sluice_scenarios

_RECLAIM_SECONDS = 30
_RECLAIMED_BYTES = 200 * 10**6


def _await_reclaim(server):
    """Waits until the disk is given back; returns the seconds it took."""
    start = time.monotonic()
    while (server.disk_bytes() > _RECLAIMED_BYTES
           and time.monotonic() - start < _RECLAIM_SECONDS):
        time.sleep(0.2)
    return time.monotonic() - start


def measure(context):
    """Metrics of draining; publish_rate and disk_full are from before it."""
    messages = context.backlog
    with sluice_scenarios.node(context, "disk") as server:
        published = load_generator.run(context, server, "publish",
                                       messages=messages)
        disk_full = server.disk_bytes()
        drained = load_generator.run(context, server, "consume",
                                     messages=messages)["consume"]
        if drained["consumed"]["messages"] < messages:
            raise RuntimeError(f"of {messages} messages came only "
                               f"{drained['consumed']['messages']}")
        reclaim_seconds = _await_reclaim(server)
        flow = published["publish"]["published"]
        return {
            **load_generator.metrics(drained, "consumed"),
            "publish_rate": flow["messages_per_second"],
            "peak_rss": server.usage().peak_rss_bytes,
            "disk_full": disk_full,
            "disk_after": server.disk_bytes(),
            "reclaim_seconds": reclaim_seconds,
        }
