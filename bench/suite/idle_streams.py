# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Many subscribers to whom nothing is delivered: memory and threads."""

from bench.suite import load_generator, sluice_scenarios

STREAMS = 10_000
_CONNECTIONS = 100
_HOLD_SECONDS = 3


def measure(context):
    with sluice_scenarios.node(context, "disk") as server:
        phase = load_generator.run(
            context, server, "hold", duration=f"{_HOLD_SECONDS}s",
            streams=STREAMS, connections=_CONNECTIONS)["hold"]
        return {
            "rss": phase["server"]["rss_bytes"],
            "peak_rss": phase["server"]["peak_rss_bytes"],
            "threads": phase["server"]["threads"],
            "idle_cpu": phase["server"]["cpu_seconds"] / phase["seconds"],
        }
