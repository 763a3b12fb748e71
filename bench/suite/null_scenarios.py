# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""What gRPC itself allows: the node that keeps nothing."""

from bench.suite import load_generator, servers


def _node(context, raw, deliver_size=None, deliver_batch=None):
    flags = [f"--deliver-size={deliver_size or context.size}",
             f"--deliver-batch={deliver_batch or context.batch}"]
    if raw:
        flags.append("--raw")
    return servers.null_node(context.binary("bench/null_node"), flags)


def publish(context, raw=False, **load):
    with _node(context, raw) as server:
        phases = load_generator.run(context, server, "publish",
                                    duration=f"{context.seconds}s", **load)
        return load_generator.metrics(phases["publish"], "published")


def unary(context):
    with _node(context, raw=False) as server:
        phase = load_generator.run(
            context, server, "publish", "--unary", batch=1, outstanding=1,
            duration=f"{context.seconds}s")["publish"]
        return load_generator.metrics(phase, "published")


def deliver(context, raw=False):
    with _node(context, raw) as server:
        phases = load_generator.run(context, server, "consume",
                                    duration=f"{context.seconds}s")
        return load_generator.metrics(phases["consume"], "consumed")
