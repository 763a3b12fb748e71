# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Everything that is measured, and what it must reach."""

from bench.suite import backlog, growth, idle_streams, many_topics, variations
from bench.suite import latency_scenarios as latency
from bench.suite import null_scenarios as null
from bench.suite import nats_scenarios as nats
from bench.suite import nsq_scenarios as nsq
from bench.suite import redis_scenarios as redis
from bench.suite import sluice_scenarios as sluice
from bench.suite.bars import at_least, at_most
from bench.suite.row import Row
from bench.suite.scenario import Scenario

_CHANNEL_COUNTS = (1, 100, 1000)


def _varied(values, name, flags):
    """For each value a scenario of ours and one of the null service."""
    for value in values:
        for server, run in (("sluiced", variations.sluiced),
                            ("null service", variations.null_service)):
            yield Scenario(f"{server} {name.format(value)}",
                           lambda c, run=run, value=value:
                           run(c, flags(value)))


SCENARIOS = {
    scenario.name: scenario for scenario in (
        Scenario("sluiced publish MEMORY",
                 lambda c: sluice.publish(c, "memory")),
        Scenario("nsqd publish in memory", nsq.publish),
        Scenario("null service publish", null.publish),
        Scenario("null service publish raw",
                 lambda c: null.publish(c, raw=True)),
        Scenario("sluiced publish DISK", lambda c: sluice.publish(c, "disk")),
        Scenario("redis publish fsync always", redis.publish),
        Scenario("sluiced publish OS", lambda c: sluice.publish(c, "os")),
        Scenario("nats publish to files", nats.publish),
        Scenario("nats publish sync always",
                 lambda c: nats.publish(c, sync_always=True)),
        Scenario("nsqd publish to disk",
                 lambda c: nsq.publish(c, in_memory=False)),
        Scenario("sluiced consume", sluice.consume),
        Scenario("nsqd consume", nsq.consume),
        Scenario("null service deliver", null.deliver),
        Scenario("null service deliver raw",
                 lambda c: null.deliver(c, raw=True)),
        Scenario("sluiced both", sluice.both),
        Scenario("nsqd both", nsq.both),
        Scenario("sluiced whole way", sluice.whole_way),
        Scenario("nsqd whole way", nsq.whole_way),
        Scenario("sluiced fan-out OS", lambda c: sluice.fan_out(c, "os")),
        Scenario("nsqd fan-out by default",
                 lambda c: nsq.fan_out(c, nsq.DEFAULT_QUEUE_SIZE)),
        Scenario("sluiced fan-out MEMORY",
                 lambda c: sluice.fan_out(c, "memory")),
        Scenario("nsqd fan-out in memory",
                 lambda c: nsq.fan_out(c, 2_000_000)),
        Scenario("sluiced one at a time", sluice.one_at_a_time),
        Scenario("nsqd one at a time", nsq.one_at_a_time),
        Scenario("null service one at a time",
                 lambda c: null.publish(c, batch=1, outstanding=1)),
        Scenario("sluiced unary", sluice.unary),
        Scenario("null service unary", null.unary),
        Scenario("sluiced publish MEMORY, 1 outstanding",
                 lambda c: sluice.publish(c, "memory", outstanding=1)),
        Scenario("sluiced latency", latency.sluiced),
        Scenario("nsqd latency", latency.nsqd),
        Scenario("nsqd latency buffered",
                 lambda c: latency.nsqd(c, "nsq-buffered")),
        Scenario("sluiced latency DISK", lambda c: latency.sluiced(c, "disk")),
        Scenario("sluiced latency after gaps", latency.sluiced_after_gaps),
        Scenario("nsqd latency after gaps", latency.nsqd_after_gaps),
        Scenario("sluiced backlog", backlog.measure, once=True),
        Scenario("sluiced idle streams", idle_streams.measure, once=True),
        Scenario("sluiced many topics", many_topics.measure, once=True),
        Scenario("sluiced growth", growth.measure, once=True),
        *(Scenario(f"sluiced publish, channels: {n}",
                   lambda c, n=n: sluice.publish_to_channels(c, n))
          for n in _CHANNEL_COUNTS),
        *_varied(variations.SIZES, "publish {}", variations.of_size),
        *_varied(variations.PUBLISHERS, "by {} at once",
                 variations.of_publishers),
    )
}

ROWS = (
    Row("publish-memory", "publish, MEMORY, against nsqd in memory",
        "sluiced publish MEMORY", "nsqd publish in memory",
        bar=at_least(4), stretch=at_least(6)),
    Row("consume", "deliver and finish, against nsqd",
        "sluiced consume", "nsqd consume",
        bar=at_least(4), stretch=at_least(6)),
    Row("both", "both at once: deliver and finish, against nsqd",
        "sluiced both", "nsqd both", bar=at_least(4), stretch=at_least(6)),
    Row("both", "both at once: publish, against nsqd",
        "sluiced both", "nsqd both", metric="publish_rate",
        bar=at_least(4), stretch=at_least(6)),
    Row("publish-os", "publish, OS, against nsqd with mem-queue-size 0",
        "sluiced publish OS", "nsqd publish to disk",
        bar=at_least(6), stretch=at_least(10)),
    Row("publish-disk", "publish, DISK, against nsqd in memory",
        "sluiced publish DISK", "nsqd publish in memory",
        bar=at_least(0.8), stretch=at_least(1.2)),
    Row("publish-disk-redis",
        "publish, DISK, against Redis Streams, appendfsync always",
        "sluiced publish DISK", "redis publish fsync always",
        bar=at_least(4), stretch=at_least(6)),
    Row("publish-nats", "publish, OS, against NATS JetStream on files",
        "sluiced publish OS", "nats publish to files", quick=False),
    Row("publish-nats", "publish, DISK, against NATS JetStream, sync always",
        "sluiced publish DISK", "nats publish sync always", quick=False),
    Row("fan-out", "publish to 10 channels, OS, against nsqd's default",
        "sluiced fan-out OS", "nsqd fan-out by default",
        bar=at_least(40), stretch=at_least(60)),
    Row("fan-out", "publish to 10 channels, MEMORY, against nsqd in memory",
        "sluiced fan-out MEMORY", "nsqd fan-out in memory"),
    Row("one-at-a-time", "1 message a request, by streams, against nsqd",
        "sluiced one at a time", "nsqd one at a time",
        bar=at_least(0.8), stretch=at_least(1)),
    Row("one-at-a-time", "1 message a request, by unary calls, against nsqd",
        "sluiced unary", "nsqd one at a time"),
    Row("one-at-a-time",
        "1 message a request, by streams, against the null service",
        "sluiced one at a time", "null service one at a time", quick=False),
    Row("one-at-a-time",
        "1 message a request, by unary calls, against the null service",
        "sluiced unary", "null service unary", quick=False),
    Row("publish-waiting", "publish, MEMORY, 1 batch outstanding, against nsqd",
        "sluiced publish MEMORY, 1 outstanding", "nsqd publish in memory",
        quick=False),
    Row("publish-null", "publish, MEMORY, against the null service",
        "sluiced publish MEMORY", "null service publish",
        bar=at_least(0.5), stretch=at_least(0.75)),
    Row("publish-null", "publish, MEMORY, against one that parses nothing",
        "sluiced publish MEMORY", "null service publish raw"),
    Row("deliver-null", "deliver and finish, against the null service",
        "sluiced consume", "null service deliver",
        bar=at_least(0.5), stretch=at_least(0.75)),
    Row("deliver-null",
        "deliver and finish, against one that serialises nothing",
        "sluiced consume", "null service deliver raw"),
    Row("cpu", "server CPU a million messages, all the way, against nsqd",
        "sluiced whole way", "nsqd whole way", metric="cpu",
        bar=at_most(1 / 5), stretch=at_most(1 / 8)),
    Row("latency", "publish to delivery at 10,000 /s, p99, against nsqd",
        "sluiced latency", "nsqd latency", metric="p99", bar=at_most(1)),
    Row("latency", "publish to delivery at 10,000 /s, p99, itself",
        "sluiced latency", metric="p99", stretch=at_most(0.002)),
    Row("latency", "publish to delivery at 10,000 /s, p99, against nsqd's "
        "default",
        "sluiced latency", "nsqd latency buffered", metric="p99"),
    Row("latency", "publish to delivery at 10,000 /s, DISK, p99, itself",
        "sluiced latency DISK", metric="p99"),
    Row("latency-idle", "publish to delivery after 2 s of nothing, p99, "
        "against nsqd", "sluiced latency after gaps", "nsqd latency after gaps",
        metric="p99", bar=at_most(1), quick=False),
    Row("latency-idle", "publish to delivery after 2 s of nothing, p99, itself",
        "sluiced latency after gaps", metric="p99", stretch=at_most(0.002),
        quick=False),
    Row("backlog", "10 million messages of backlog: memory",
        "sluiced backlog", metric="peak_rss", bar=at_most(512 << 20),
        quick=False),
    Row("backlog", "10 million messages of backlog, drained: disk",
        "sluiced backlog", metric="disk_after", bar=at_most(200e6),
        quick=False),
    Row("backlog",
        "draining 10 million messages, against delivering from memory",
        "sluiced backlog", "sluiced consume", bar=at_least(0.7), quick=False),
    Row("idle-streams", "10,000 idle subscribers on 100 connections: memory",
        "sluiced idle streams", metric="rss", bar=at_most(300e6), quick=False),
    Row("idle-streams", "10,000 idle subscribers on 100 connections: threads",
        "sluiced idle streams", metric="threads", bar=at_most(20), quick=False),
    Row("many-topics", "1,000 topics of 10 channels: start",
        "sluiced many topics", metric="start", bar=at_most(5), quick=False),
    Row("many-topics", "1,000 topics of 10 channels: memory",
        "sluiced many topics", metric="rss", bar=at_most(1e9), quick=False),
    Row("many-topics", "1,000 topics of 10 channels: idle processor time",
        "sluiced many topics", metric="idle_cpu", bar=at_most(0.03),
        quick=False),
    *(Row("growth", f"{flow} a message, 10 million waiting, against {few}",
          "sluiced growth", "sluiced growth", metric=f"{flow}_time_most",
          their_metric=f"{flow}_time_{name}", bar=at_most(1.2), quick=False)
      for flow in ("publish", "deliver")
      for name, few in (("1e5", "100,000"), ("1e6", "1 million"))),
    *(Row("channels", f"publish, MEMORY, with {n} channels, against 1",
          f"sluiced publish, channels: {n}", "sluiced publish, channels: 1",
          bar=at_least(1 / 1.2), quick=False) for n in _CHANNEL_COUNTS[1:]),
    *(Row("sizes", f"publish {size}, MEMORY, against the null service",
          f"sluiced publish {size}", f"null service publish {size}",
          metric="megabytes_per_second", quick=False)
      for size in variations.SIZES),
    *(Row("publishers", f"publish by {n} at once, against the null service",
          f"sluiced by {n} at once", f"null service by {n} at once",
          quick=False) for n in variations.PUBLISHERS),
)


def names():
    """What --only takes, in the order of the rows."""
    return list(dict.fromkeys(row.name for row in ROWS))


def choose(quick, only):
    """The rows of a run: those that `only` names, or those of its mode."""
    if only:
        return [row for row in ROWS if row.name in only]
    return [row for row in ROWS if row.quick or not quick]


def scenarios_of(rows):
    """What must be measured for them, each once.

    In the order of the rows, so that the two sides of a row follow each other.
    """
    found = dict.fromkeys(name for row in rows for name in row.scenarios)
    return [SCENARIOS[name] for name in found]
