#!/usr/bin/env python3
# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Receives messages of a channel, prints their bodies, and finishes them.

  consumer.py ADDRESS TOPIC CHANNEL COUNT     ends after COUNT different bodies

Needs the modules that `generate` makes in PYTHONPATH. docs/clients.md tells
the story of the stream, by whose numbers the comments go.
"""

import queue
import sys
import time

import grpc
from sluice.v1 import subscriber_pb2 as pb
from sluice.v1 import subscriber_pb2_grpc

READY = 100  # messages held at once


class Commands:
    """What goes to the node: an iterator that waits for the next command."""

    def __init__(self):
        self._queue = queue.Queue()

    def send(self, **command):
        self._queue.put(pb.SubscribeRequest(**command))

    def half_close(self):
        self._queue.put(None)

    def __iter__(self):
        return iter(self._queue.get, None)


def handle(delivery, seen, count):
    """The work. It must bear repetition: delivery is at least once."""
    if delivery.body not in seen:
        seen.add(delivery.body)
        print(delivery.body.decode(), flush=True)
    return len(seen) >= count


def consume(stub, topic, channel, seen, count):
    """One stream, until it ends or enough has come."""
    commands = Commands()
    commands.send(open=pb.Open(topic=topic, channel=channel,          # 1
                               client_id="example", user_agent="python"))
    stream = stub.Subscribe(iter(commands))
    try:
        for event in stream:
            kind = event.WhichOneof("event")
            if kind == "opened":                                      # 2
                ready = min(READY, event.opened.max_ready)
                commands.send(ready=pb.Ready(count=ready))            # 3
            elif kind == "deliveries":                                # 4
                done = []
                enough = False
                for delivery in event.deliveries.deliveries:
                    enough = handle(delivery, seen, count)
                    done.append(delivery.delivery_id)
                commands.send(finish=pb.Finish(delivery_ids=done))    # 5
                if enough:
                    commands.send(close=pb.Close())                   # 8
            elif kind == "draining":                                  # 7
                commands.send(close=pb.Close())
            # A result (6) says that a finish came too late: the message comes
            # again. After closed (8) the stream ends by itself.
    finally:
        commands.half_close()                                         # 9


def main():
    address, topic, channel = sys.argv[1:4]
    count = int(sys.argv[4])
    seen = set()
    delay = 0.1
    with grpc.insecure_channel(address, options=[
            # A node that vanished is noticed after 15 s of silence.
            ("grpc.keepalive_time_ms", 10_000),
            ("grpc.keepalive_timeout_ms", 5_000),
            ("grpc.http2.max_pings_without_data", 0),
            ("grpc.max_reconnect_backoff_ms", 1_000),
            # Room for the largest message and its attributes.
            ("grpc.max_receive_message_length", 64 << 20)]) as node:
        stub = subscriber_pb2_grpc.SubscriberServiceStub(node)
        while len(seen) < count:
            before = len(seen)
            try:
                consume(stub, topic, channel, seen, count)
            except grpc.RpcError as error:                            # 10
                print(error.details(), file=sys.stderr)
            delay = 0.1 if len(seen) > before else min(2 * delay, 1)
            if len(seen) < count:
                time.sleep(delay)


if __name__ == "__main__":
    main()
