#!/usr/bin/env python3
# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Publishes numbered messages, each stored once whatever happens on the way.

  producer.py ADDRESS TOPIC COUNT

Needs the modules that `generate` makes in PYTHONPATH. docs/clients.md explains.
"""

import sys
import time
import uuid

import grpc
from sluice.v1 import publisher_pb2, publisher_pb2_grpc

PATIENCE = 60  # seconds for one batch, with all its attempts
BATCH = 100


def publish(stub, topic, bodies):
    """Sends a batch until it is answered, always under the same request id."""
    request = publisher_pb2.PublishRequest(
        topic=topic, request_id=uuid.uuid4().hex,
        messages=[publisher_pb2.Message(body=body) for body in bodies])
    deadline = time.monotonic() + PATIENCE
    delay = 0.1
    while True:
        try:
            return stub.Publish(request, timeout=5)
        except grpc.RpcError as error:
            # The others will not pass, however often they are tried.
            passing = error.code() in (grpc.StatusCode.UNAVAILABLE,
                                       grpc.StatusCode.RESOURCE_EXHAUSTED,
                                       grpc.StatusCode.DEADLINE_EXCEEDED)
            if not passing or time.monotonic() > deadline:
                raise
        time.sleep(delay)
        delay = min(2 * delay, 1)


def main():
    address, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with grpc.insecure_channel(address) as channel:
        stub = publisher_pb2_grpc.PublisherServiceStub(channel)
        for first in range(0, count, BATCH):
            numbers = range(first, min(first + BATCH, count))
            publish(stub, topic, [str(number).encode() for number in numbers])
    print(f"{count} published")


if __name__ == "__main__":
    main()
