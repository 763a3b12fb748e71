# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""What is measured of nsqd at full load, under its own tools."""

import contextlib
import re
import subprocess
import time

from bench.suite import context as contexts
from bench.suite import measurement, memory, servers

_QUEUE_SIZE = 20_000_000  # messages; more than any of these runs publishes
DEFAULT_QUEUE_SIZE = 10_000  # nsqd's own; the rest goes to disk
_PATIENCE_SECONDS = 120


@contextlib.contextmanager
def node(context, in_memory=True, queue_size=_QUEUE_SIZE):
    size = queue_size if in_memory else 0
    flags = [f"-mem-queue-size={size}"]
    with servers.nsqd(context.peers.path("nsqd"), flags) as server:
        memory.warm(contexts.total_memory_bytes())
        yield server


class _Tool:
    """A run of bench_writer or bench_reader."""

    def __init__(self, context, name, server, seconds, *arguments,
                 topic=None):
        command = [
            context.peers.path(name), f"-nsqd-tcp-address={server.address}",
            f"-runfor={int(seconds * 1000)}ms",
            f"-topic={topic or context.topic}",
            f"-size={context.size}", *arguments
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE,
                                         stderr=subprocess.STDOUT, text=True)

    def rate(self):
        """Messages a second, once it has ended."""
        try:
            output = self._process.communicate(timeout=_PATIENCE_SECONDS)[0]
        finally:
            self._process.kill()
        return parse_rate(output)


def parse_rate(output):
    match = re.search(r"([\d.]+)ops/s", output)
    if not match:
        raise RuntimeError(f"no rate in what nsq's tool says:\n{output}")
    return float(match.group(1))


def _writer(context, server, seconds, batch=None, topic=None):
    return _Tool(context, "bench_writer", server, seconds,
                 f"-batch-size={batch or context.batch}", topic=topic)


def _fill_once(context, server):
    """Leaves the node with memory it has used before: see memory.py."""
    _writer(context, server, context.seconds, topic=memory.TOPIC).rate()
    server.post(f"/topic/delete?topic={memory.TOPIC}")


def _reader(context, server, seconds):
    return _Tool(context, "bench_reader", server, seconds,
                 f"-channel={context.channel}", "-rdy=2500")


def make_channels(context, server, names):
    server.post(f"/topic/create?topic={context.topic}")
    for name in names:
        server.post(f"/channel/create?topic={context.topic}&channel={name}")


def _topic(context, server):
    stats = server.get_json(f"/stats?format=json&topic={context.topic}"
                            "&include_clients=false&include_mem=false")
    return stats["topics"][0]


def await_channels(context, server, done):
    """Waits until `done` says so of every channel's counts."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not all(done(channel, topic["message_count"])
                  for topic in [_topic(context, server)]
                  for channel in topic["channels"]):
        if time.monotonic() > deadline:
            raise RuntimeError("nsqd's channels do not get what was published")
        time.sleep(0.02)


def publish(context, in_memory=True, batch=None):
    with node(context, in_memory) as server:
        if in_memory:
            _fill_once(context, server)
        make_channels(context, server, [context.channel])
        before = server.usage()
        seconds = context.seconds
        rate = _writer(context, server, seconds, batch).rate()
        return measurement.measure(server.usage().since(before),
                                   rate * seconds, seconds, context.size)


def consume(context):
    with node(context) as server:
        make_channels(context, server, [context.channel])
        published = 2 * context.seconds * _writer(
            context, server, 2 * context.seconds).rate()
        before = server.usage()
        rate = _reader(context, server, context.seconds).rate()
        consumed = rate * context.seconds
        if consumed > 0.95 * published:
            raise RuntimeError("bench_reader ran dry: its rate is too low")
        return measurement.measure(server.usage().since(before), consumed,
                                   context.seconds, context.size)


def both(context):
    with node(context) as server:
        make_channels(context, server, [context.channel])
        before = server.usage()
        reader = _reader(context, server, context.seconds)
        writer = _writer(context, server, context.seconds)
        published, consumed = writer.rate(), reader.rate()
        return measurement.measure(
            server.usage().since(before),
            max(published, consumed) * context.seconds,
            rate=consumed, publish_rate=published)


def whole_way(context):
    """Publish, deliver and finish the same messages: what that costs."""
    with node(context) as server:
        make_channels(context, server, [context.channel])
        before = server.usage()
        # Reads on until it has certainly come to the end.
        reader = _reader(context, server, 3 * context.seconds)
        _writer(context, server, context.seconds).rate()
        reader.rate()
        topic = _topic(context, server)
        left = sum(topic["channels"][0][name]
                   for name in ("depth", "in_flight_count")) + topic["depth"]
        # The reader leaves with what it was sent last still in flight.
        if left > 0.02 * topic["message_count"]:
            raise RuntimeError(f"bench_reader left {left} messages")
        return measurement.measure(server.usage().since(before),
                                   topic["message_count"])


def fan_out(context, queue_size, channels=10):
    """Publishes, and waits until each channel holds every message."""
    # Copies are slow: a short run keeps nsqd busy for ten times as long.
    seconds = min(1.0, context.seconds / 2)
    with node(context, queue_size=queue_size) as server:
        make_channels(context, server, [f"ch{i}" for i in range(channels)])
        before = server.usage()
        start = time.monotonic()
        _writer(context, server, seconds).rate()
        await_channels(context, server,
                       lambda channel, total: channel["message_count"] >= total)
        elapsed = time.monotonic() - start
        return measurement.measure(
            server.usage().since(before),
            _topic(context, server)["message_count"], elapsed, context.size)


def one_at_a_time(context):
    return publish(context, batch=1)
