# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""The same publishing with other sizes of messages, and more publishers."""

import dataclasses

from bench.suite import null_scenarios, sluice_scenarios

# Bytes of a body, and messages in a batch: of about 1 MB at most, and of 200
# messages at most.
SIZES = {"16 B": (16, 200), "1 KB": (1 << 10, 200), "64 KB": (64 << 10, 16),
         "1 MB": (1 << 20, 1)}
PUBLISHERS = (1, 8, 64)
_MOST_BYTES = 2 << 30  # that a run may leave in memory
_UNDER_WAY = 32  # batches, of all publishers together


def _short(context):
    # There are many of them, and they have no bar.
    return dataclasses.replace(context, seconds=context.seconds / 2)


def of_size(name):
    """The load generator's flags."""
    size, batch = SIZES[name]
    return {"size": size, "batch": batch, "messages": _MOST_BYTES // size}


def of_publishers(count):
    return {"streams": count, "outstanding": max(1, _UNDER_WAY // count)}


def sluiced(context, load):
    return sluice_scenarios.publish(_short(context), "memory", **load)


def null_service(context, load):
    return null_scenarios.publish(_short(context), **load)
