#!/usr/bin/env python3
# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""What scripts/demo shows, once there is something to show it with.

Every record of the package database is published at a leisurely rate while two
channels consume. In the middle of it the node gets SIGKILL and is started
again; the publisher waits for it and goes on, and so do the consumers. At the
end the records are put together again from what one channel received, and
compared. Then the same records many times over, as fast as they go.
"""

import argparse
import base64
import collections
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SOURCE = "/var/lib/dpkg/status"
TOPIC = "dpkg"
CHANNELS = ("archive", "audit")
PUBLISH_SECONDS = 3  # about how long the leisurely part takes
KILL_AT = 0.45       # of the records, received by the first channel
SPEED_RUN_RECORDS = 100_000
PATIENCE = 20        # seconds without progress that mean failure

on_terminal = sys.stdout.isatty()


def styled(code, text):
    return f"\033[{code}m{text}\033[0m" if on_terminal else text


def bold(text):
    return styled("1", text)


class Failure(Exception):
    """A sentence for the user."""


class Story:
    """The lines that say what is happening, with the time since the start."""

    def __init__(self):
        self._start = time.monotonic()

    def tell(self, text, mark=None):
        seconds = time.monotonic() - self._start
        print(f"  {seconds:5.1f} s  {mark or styled('32', '●')} {text}",
              flush=True)

    def crash(self, text):
        self.tell(bold(text), styled("31", "✗"))


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True


class Node:
    """A sluiced with its defaults; on other ports if those are taken."""

    def __init__(self, program, folder):
        self._address_file = os.path.join(folder, "addresses.json")
        self._log = os.path.join(folder, "sluiced.log")
        self.command = [program, "--data-path=" + os.path.join(folder, "data"),
                        "--address-file=" + self._address_file]
        if not (is_free(4150) and is_free(4151)):
            self.command += ["--grpc-address=127.0.0.1:0",
                             "--http-address=127.0.0.1:0"]
        self.process = None
        self.grpc = self.http = None

    def start(self):
        """Returns the seconds until it serves."""
        begin = time.monotonic()
        if os.path.exists(self._address_file):
            os.remove(self._address_file)
        with open(self._log, "ab") as log:
            # Its own group: Ctrl-C is for the demo, which ends it in order.
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True)
        while not os.path.exists(self._address_file):
            if self.process.poll() is not None or (
                    time.monotonic() - begin > PATIENCE):
                with open(self._log, encoding="utf-8") as log:
                    raise Failure("the node does not start:\n" + log.read())
            time.sleep(0.005)
        with open(self._address_file, encoding="utf-8") as file:
            addresses = json.load(file)
        self.grpc, self.http = addresses["grpc"], addresses["http"]
        return time.monotonic() - begin

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()


class Tool:
    """The command line tool, speaking to one node."""

    def __init__(self, program, node):
        self.program = program
        self._node = node

    def popen(self, *arguments, **options):
        return subprocess.Popen(
            [self.program, "--address=" + self._node.grpc, *arguments],
            **options)

    def run(self, *arguments, **options):
        process = self.popen(*arguments, stdout=subprocess.PIPE, text=True,
                             **options)
        output = process.communicate()[0]
        if process.returncode != 0:
            raise Failure(f"sluice {' '.join(arguments)} failed")
        return output


class Consumer:
    """`sluice sub` on a channel, started again whenever the node went away."""

    def __init__(self, tool, channel):
        self.channel = channel
        self.bodies = {}  # by message id
        self.deliveries = 0
        self.changed = 0  # came again, and were not the same
        self._tool = tool
        self._process = None
        self._stopping = False
        self._thread = threading.Thread(target=self._consume, daemon=True)
        self._thread.start()

    @property
    def again(self):
        return self.deliveries - len(self.bodies)

    def _consume(self):
        while not self._stopping:
            # Messages wait for the first channel; the others say so.
            self._process = self._tool.popen(
                "sub", TOPIC, self.channel, "--start=earliest",
                "--output=jsonl", stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL)
            for line in self._process.stdout:
                self._receive(line)
            self._process.wait()
            time.sleep(0.02)

    def _receive(self, line):
        try:
            delivery = json.loads(line)
        except ValueError:
            return  # cut off when the consumer was; it comes again
        self.deliveries += 1
        body = base64.b64decode(delivery.get("body", ""))
        known = self.bodies.setdefault(int(delivery["messageId"]), body)
        self.changed += known != body

    def stop(self):
        self._stopping = True
        while self._thread.is_alive():
            process = self._process
            if process is not None and process.poll() is None:
                process.terminate()
            self._thread.join(0.2)


class Publisher:
    """`sluice pub` of a list of records; it waits for a node that is away."""

    def __init__(self, tool, records, rate):
        self._process = tool.popen(
            "pub", TOPIC, r"--delimiter=\n\n", f"--rate={rate}",
            stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        self._input = b"".join(record + b"\n\n" for record in records)
        self._notes = b""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        self._notes = self._process.communicate(self._input)[1]

    def wait(self):
        """Returns once all records are safe."""
        self._thread.join()
        if self._process.returncode != 0:
            raise Failure("publishing failed: " + self._notes.decode())

    def stop(self):
        if self._process.poll() is None:
            self._process.kill()


def wait_until(condition, progress, what):
    """Until `condition`; fails when `progress` stands still for too long."""
    last, since = progress(), time.monotonic()
    while not condition():
        time.sleep(0.01)
        now = progress()
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > PATIENCE:
            raise Failure(f"waited in vain: {what}")


def records_of(path):
    with open(path, "rb") as file:
        text = file.read()
    return [record.strip(b"\n") for record in re.split(rb"\n\n+", text)
            if record.strip(b"\n")]


def crash_act(story, node, tool, records, children):
    """Returns the consumers, once they have everything."""
    story.tell(f"the node serves on {bold(node.grpc)}, everything on disk")
    consumers = [Consumer(tool, channel) for channel in CHANNELS]
    children += consumers
    rate = max(50, len(records) // PUBLISH_SECONDS)
    publisher = Publisher(tool, records, rate)
    children.append(publisher)
    story.tell(f"publishing {len(records)} records, {rate} a second; "
               f"channels {' and '.join(CHANNELS)} consume them")

    first = consumers[0]
    wait_until(lambda: len(first.bodies) >= KILL_AT * len(records),
               lambda: first.deliveries, "the first records")
    node.kill()
    story.crash(f"kill -9 after {len(first.bodies)} records")
    seconds = node.start()
    story.tell(f"the node is back after {seconds:.2f} s; "
               "publisher and consumers go on")
    publisher.wait()
    story.tell("every record is acknowledged")

    wanted = set(records)
    wait_until(lambda: all(wanted <= set(c.bodies.values()) for c in consumers),
               lambda: [c.deliveries for c in consumers],
               "a channel did not get all records")
    wait_until(lambda: is_finished(tool), lambda: 0, "messages are unfinished")
    story.tell("every channel has received and finished everything")
    for consumer in consumers:
        consumer.stop()
    return consumers


def is_finished(tool):
    stats = json.loads(tool.run("stats", TOPIC, "--output=json"))
    return all(int(channel["depth"]) == int(channel["inFlightCount"]) == 0
               for channel in stats["topics"][0]["channels"])


def in_log_order(consumer):
    return [consumer.bodies[number] for number in sorted(consumer.bodies)]


def sections_of(records):
    counts = collections.Counter()
    for record in records:
        section = re.search(rb"^Section: (.*)$", record, re.MULTILINE)
        counts[section.group(1).decode() if section else "(none)"] += 1
    return counts


def speed_act(story, tool, records, folder):
    """Publishes and consumes many records at full speed; returns a line."""
    copies = max(1, SPEED_RUN_RECORDS // len(records))
    count = copies * len(records)
    path = os.path.join(folder, "records")
    with open(path, "wb") as file:
        file.write(b"".join(record + b"\n\n" for record in records) * copies)
    size = os.path.getsize(path)
    story.tell(f"now {count} records as fast as they go, fsynced like the rest")

    def timed(*arguments):
        begin = time.monotonic()
        with open(os.path.join(folder, "consumed"), "wb") as output:
            process = tool.popen(*arguments, stdout=output)
        if process.wait() != 0:
            raise Failure(f"sluice {' '.join(arguments)} failed")
        return time.monotonic() - begin

    published = timed("pub", "bulk", r"--delimiter=\n\n", "-f", path)
    consumed = timed("sub", "bulk", "work", "-n", str(count),
                     r"--delimiter=\n\n")
    with open(path, "rb") as left, open(
            os.path.join(folder, "consumed"), "rb") as right:
        if left.read() != right.read():
            raise Failure("what was consumed differs from what was published")
    return [("published", count, size, published),
            ("consumed", count, size, consumed)]


def print_report(records, consumers, sections, speed):
    def row(label, values, style=str):
        print(f"  {label:<22}" + "".join(style(f"{value:>12,}")
                                         for value in values))

    def green(text):
        return styled("32", text)

    print()
    print(bold(f"  {'one kill -9 later':<22}"
               + "".join(f"{c.channel:>12}" for c in consumers)))
    row("records in", [len(records) for _ in consumers])
    row("records out", [len(set(c.bodies.values())) for c in consumers])
    row("published twice", [len(c.bodies) - len(records) for c in consumers])
    row("delivered again", [c.again for c in consumers])
    lost = [len(set(records) - set(c.bodies.values())) for c in consumers]
    row("lost", lost, green)
    print(f"  put together again     {green('byte for byte the same')}")

    print()
    print(bold(f"  {'full speed':<12}{'records':>12}{'MB':>8}{'s':>7}"
               f"{'records/s':>12}{'MB/s':>7}"))
    for label, count, size, seconds in speed:
        print(f"  {label:<12}{count:>12,}{size / 1e6:>8.1f}{seconds:>7.2f}"
              f"{count / seconds:>12,.0f}{size / 1e6 / seconds:>7.0f}")

    print()
    print(bold("  packages by section, as counted from channel audit"))
    top = sections.most_common(6)
    for name, count in top:
        bar = "█" * max(1, round(28 * count / top[0][1]))
        print(f"  {name:<14}{count:>5}  {styled('36', bar)}")
    rest = sum(sections.values()) - sum(count for _, count in top)
    print(f"  {'others':<14}{rest:>5}")


def print_next_steps(node, kept):
    sluice = "bazel-bin/cli/sluice"
    address = "" if node.grpc.endswith(":4150") else f" --address={node.grpc}"
    print()
    if kept:
        print(bold(f"  The node still runs (kill {node.process.pid} ends it). "
                   "Go on with"))
    else:
        print(bold("  Go on: start a node of your own, and in another terminal "
                   "speak to it"))
        print("    bazel-bin/server/sluiced")
        address = ""
    grpc = node.grpc if kept else "127.0.0.1:4150"
    print(f"    {sluice} tail greetings{address} &")
    print(f"    {sluice} pub greetings -m hello{address}")
    print(f"    {sluice} stats{address}")
    print(f"    grpcurl -plaintext {grpc} list sluice.v1.AdminService")
    if not kept:
        print("  scripts/demo --keep leaves the node of the demo running.")


def run(options, folder, children):
    print()
    print(bold(f"  Sluice: the packages of this machine, from {SOURCE},"))
    print(bold("  through a node that dies half way"))
    print()
    story = Story()
    records = records_of(SOURCE)
    node = Node(options.sluiced, folder)
    children.append(node)
    tool = Tool(options.sluice, node)
    node.start()

    consumers = crash_act(story, node, tool, records, children)
    archive, audit = consumers
    if in_log_order(archive) != records or archive.changed or audit.changed:
        raise Failure("the archive differs from what was published")
    speed = speed_act(story, tool, records, folder)
    if not options.keep:
        node.stop()
        story.tell("the node is stopped")
    print_report(records, consumers, sections_of(in_log_order(audit)), speed)
    print_next_steps(node, options.keep)
    if options.keep:
        children.remove(node)
        print(f"  Its data is in {folder}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sluiced", required=True)
    parser.add_argument("--sluice", required=True)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix="sluice-demo-")
    children = []
    is_done = False
    try:
        run(options, folder, children)
        is_done = True
    except Failure as failure:
        print(f"\ndemo: {failure}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\ndemo: interrupted", file=sys.stderr)
    finally:
        for child in children:
            child.stop()
        if not (is_done and options.keep):
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if is_done else 1


if __name__ == "__main__":
    sys.exit(main())
