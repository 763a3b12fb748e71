# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""NATS JetStream with a stream on files, under its own tool."""

import re
import subprocess

from bench.suite import measurement, peers, servers

_PUBLISHERS = 16  # the fastest of those tried: they wait for each batch


def parse_rate(output):
    """Messages a second of all publishers together."""
    match = re.search(r"Pub stats: ([\d,]+) msgs/sec", output)
    if not match:
        raise peers.Missing("nats bench said no rate; it must be that of "
                            f"natscli 0.1: {output.strip()[-200:]}")
    return float(match.group(1).replace(",", ""))


def publish(context, sync_always=False):
    """By default JetStream fsyncs every two minutes; or before each answer."""
    tool = context.peers.path("nats")
    server = context.peers.path("nats-server")
    expected_rate = 5_000 if sync_always else 100_000
    messages = int(context.seconds * expected_rate)
    with servers.nats(server, "always" if sync_always else "2m") as node:
        before = node.usage()
        output = subprocess.run(
            [tool, f"--server=nats://{node.address}", "bench", context.topic,
             "--js", f"--pub={_PUBLISHERS}", f"--msgs={messages}",
             f"--size={context.size}", f"--pubbatch={context.batch}",
             "--storage=file", "--no-progress"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            text=True, timeout=120).stdout
        return measurement.measure(node.usage().since(before), messages,
                                   messages / parse_rate(output), context.size)
