# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""From publish to delivery, at a load that nobody is short of breath under.

The same program measures both servers: //bench:latency. It sends at times that
were fixed beforehand and counts from those, so a stall is charged to every
message that was due during it.
"""

import json
import subprocess

from bench.suite import nsq_scenarios, sluice_scenarios

STEADY_RATE = 10_000  # messages a second
GAP_SECONDS = 2
_GAPS_PER_SECOND = 3  # of a measurement's usual length: more gaps, less noise


def _measure(context, server, protocol, rate, seconds, warm_up):
    command = [
        context.binary("bench/latency"), f"--protocol={protocol}",
        f"--address={server.address}", f"--topic={context.topic}",
        f"--channel={context.channel}", f"--size={context.size}",
        f"--rate={rate}", f"--duration={seconds}s", f"--warm-up={warm_up}s",
        f"--server-pid={server.pid}"
    ]
    result = subprocess.run(command, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, check=False,
                            timeout=seconds + 60)
    if result.returncode != 0:
        raise RuntimeError(result.stderr.strip())
    return metrics(json.loads(result.stdout))


def metrics(report):
    """Those of a report of //bench:latency."""
    latency, server = report["latency"], report["server"]
    found = {name: latency[name] for name in ("p50", "p99", "p999", "max")}
    # How late the generator itself was: part of the latency, of any server's.
    found["generator_p99"] = report["lateness"]["p99"]
    return {
        **found,
        "cpu": server["cpu_seconds"] / latency["count"] * 1e6,
        "switches": server["switches"] / latency["count"],
        "peak_rss": server["peak_rss_bytes"],
    }


def _steady(context, server, protocol):
    return _measure(context, server, protocol, STEADY_RATE, context.seconds, 1)


def _gaps(context, server, protocol):
    count = int(context.seconds * _GAPS_PER_SECOND)
    return _measure(context, server, protocol, 1 / GAP_SECONDS,
                    count * GAP_SECONDS, GAP_SECONDS)


def sluiced(context, durability="memory"):
    with sluice_scenarios.node(context, durability) as server:
        return _steady(context, server, "sluice")


def sluiced_after_gaps(context):
    with sluice_scenarios.node(context, "memory") as server:
        return _gaps(context, server, "sluice")


def nsqd(context, protocol="nsq"):
    with nsq_scenarios.node(context, queue_size=1_000_000) as server:
        return _steady(context, server, protocol)


def nsqd_after_gaps(context):
    with nsq_scenarios.node(context, queue_size=1_000_000) as server:
        return _gaps(context, server, "nsq")
