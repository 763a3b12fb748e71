# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""//bench:load, and what it reports as metrics."""

import json
import subprocess

_PATIENCE_SECONDS = 300


def run(context, node, *arguments, **overrides):
    """Runs the generator; its phases by name."""
    flags = {
        "topic": context.topic,
        "size": context.size,
        "batch": context.batch,
        "streams": context.streams,
        "outstanding": context.outstanding,
        "address": node.address,
        "server-pid": node.pid,
        "output": "json",
        **{name.replace("_", "-"): value for name, value in overrides.items()},
    }
    command = [context.binary("bench/load"), *arguments]
    command += [f"--{name}={value}" for name, value in flags.items()]
    result = subprocess.run(command, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, check=False,
                            timeout=_PATIENCE_SECONDS)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{result.stderr}")
    phases = json.loads(result.stdout)["phases"]
    return {phase["name"]: phase for phase in phases}


def metrics(phase, flow):
    """Those of a phase, whose rate is that of `flow`: published or consumed."""
    server = phase["server"]
    counts = [phase[name]["messages"] for name in ("published", "consumed")
              if name in phase]
    switches = server["voluntary_switches"] + server["involuntary_switches"]
    return {
        "rate": phase[flow]["messages_per_second"],
        "megabytes_per_second": phase[flow]["megabytes_per_second"],
        "cpu": server["cpu_seconds_per_million"],
        "switches": switches / max(counts),
        "peak_rss": server["peak_rss_bytes"],
        # 1.0: the generator, one thread, had a processor for itself and
        # nothing to wait for, so it may be what limits the rate.
        "client_load": phase["client_cpu_seconds"] / phase["seconds"],
    }
