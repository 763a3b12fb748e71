# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""What is measured of sluiced at full load."""

import contextlib
import json
import subprocess

from bench.suite import context as contexts
from bench.suite import load_generator, memory, servers

# Messages; more than any run here publishes.
_ALL = 50_000_000


def memory_flags():
    limit = min(8 << 30, contexts.total_memory_bytes() // 2)
    return ("--durability=memory", f"--mem-queue-size={_ALL}",
            f"--memory-limit={limit >> 20}MiB")


@contextlib.contextmanager
def node(context, durability):
    flags = (memory_flags() if durability == "memory"
             else (f"--durability={durability}",))
    with servers.sluiced(context.binary("server/sluiced"), flags) as server:
        memory.warm(contexts.total_memory_bytes())
        yield server


def _fill_once(context, server):
    """Leaves the node with memory it has used before: see memory.py."""
    load_generator.run(context, server, "publish", topic=memory.TOPIC,
                       duration=f"{context.seconds}s")
    subprocess.run(
        [context.binary("cli/sluice"), f"--address={server.address}",
         "topic", "rm", "--yes", memory.TOPIC],
        check=True, stdout=subprocess.DEVNULL, timeout=30)


def publish(context, durability, **load):
    with node(context, durability) as server:
        if durability == "memory":
            _fill_once(context, server)
        phases = load_generator.run(context, server, "publish",
                                    duration=f"{context.seconds}s", **load)
        return load_generator.metrics(phases["publish"], "published")


def consume(context, durability="memory"):
    with node(context, durability) as server:
        messages = int(context.seconds * 2_000_000)
        phases = load_generator.run(context, server, "consume", "--preload",
                                    messages=messages)
        return load_generator.metrics(phases["consume"], "consumed")


def both(context):
    with node(context, "memory") as server:
        phases = load_generator.run(context, server, "both",
                                    duration=f"{context.seconds}s")
        phase = phases["both"]
        found = load_generator.metrics(phase, "consumed")
        found["publish_rate"] = phase["published"]["messages_per_second"]
        return found


def whole_way(context):
    """Publish, deliver and finish the same messages: what that costs."""
    with node(context, "memory") as server:
        messages = int(context.seconds * 1_500_000)
        phases = load_generator.run(context, server, "both", messages=messages)
        return load_generator.metrics(phases["both"], "consumed")


def _least_depth(context, server):
    """Of the topic's channels: the messages that each could deliver."""
    output = subprocess.run(
        [context.binary("cli/sluice"), f"--address={server.address}",
         "--output=json", "stats", context.topic],
        check=True, stdout=subprocess.PIPE, timeout=30, text=True).stdout
    channels = json.loads(output)["topics"][0]["channels"]
    return min(int(channel.get("depth", 0)) for channel in channels)


def fan_out(context, durability, channels=10):
    names = ",".join(f"ch{i}" for i in range(channels))
    with node(context, durability) as server:
        phase = load_generator.run(context, server, "publish", channels=names,
                                   duration=f"{context.seconds}s")["publish"]
        depth = _least_depth(context, server)
        if depth < phase["published"]["messages"]:
            raise RuntimeError(f"a channel holds {depth} messages of "
                               f"{phase['published']['messages']}")
        return load_generator.metrics(phase, "published")


def publish_to_channels(context, channels):
    names = ",".join(f"ch{i}" for i in range(channels))
    return publish(context, "memory", channels=names,
                   connections=context.streams)


def one_at_a_time(context, **load):
    """One message a request, one request outstanding on each connection."""
    return publish(context, "memory", batch=1, outstanding=1, **load)


def unary(context):
    with node(context, "memory") as server:
        phase = load_generator.run(
            context, server, "publish", "--unary", batch=1, outstanding=1,
            duration=f"{context.seconds}s")["publish"]
        return load_generator.metrics(phase, "published")
