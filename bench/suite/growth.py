# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a message costs the same however many others wait.

At each depth, publishing and consuming take turns, so that the depth stays.
"""

from bench.suite import load_generator, sluice_scenarios

_TURNS = 5
_MESSAGES = 200_000  # published, and then consumed, in a turn


def depths(context):
    return {"1e5": 100_000, "1e6": 1_000_000, "most": context.backlog}


def _run(context, server, mode, messages=_MESSAGES):
    """The seconds that it took, and the messages that it was."""
    phase = load_generator.run(context, server, mode, messages=messages)[mode]
    flow = phase["published" if mode == "publish" else "consumed"]
    return phase["seconds"], flow["messages"]


def measure(context):
    """publish_time and deliver_time of a message at each depth, seconds."""
    found = {}
    with sluice_scenarios.node(context, "os") as server:
        depth = 0
        for name, goal in depths(context).items():
            _run(context, server, "publish", goal - depth)
            depth = goal
            turns = [(_run(context, server, "publish"),
                      _run(context, server, "consume")) for _ in range(_TURNS)]
            published, delivered = zip(*turns)
            found[f"publish_time_{name}"] = _time(published)
            found[f"deliver_time_{name}"] = _time(delivered)
        found["peak_rss"] = server.usage().peak_rss_bytes
    return found


def _time(runs):
    """Of a message: (seconds, messages) of each run."""
    return sum(run[0] for run in runs) / sum(run[1] for run in runs)
