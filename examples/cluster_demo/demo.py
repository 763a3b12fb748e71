#!/usr/bin/env python3
# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""The part of scripts/cluster-demo that runs once everything is built:

  demo.py BINARIES

BINARIES is a folder with server/sluiced, lookup/sluice-lookupd, cli/sluice and
examples/cluster_demo/cluster_demo. Exit code 1 when a record was lost.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

SOURCE = "/var/lib/dpkg/status"
TOPIC = "dpkg"
RECORDS = 2400
PER_SECOND = 100  # each of two producers
PATIENCE = 30

BEGIN = time.monotonic()


def say(mark, text):
    print(f"{time.monotonic() - BEGIN:5.1f} s  {mark} {text}", flush=True)


class Server:
    """A process that can be killed and started again on the same ports."""

    def __init__(self, name, folder, program, *flags):
        self.name = name
        self._folder = os.path.join(folder, name)
        os.mkdir(self._folder)
        self._command = [program, *flags]
        if program.endswith("sluiced"):
            self._command.append("--data-path=" + self._folder + "/data")
        self._ports = ["--grpc-address=127.0.0.1:0",
                       "--http-address=127.0.0.1:0"]
        self.start()
        self._ports = ["--grpc-address=" + self.grpc,
                       "--http-address=" + self.http]

    def start(self):
        file = self._folder + "/addresses"
        if os.path.exists(file):
            os.remove(file)
        with open(self._folder + "/log", "a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*self._command, *self._ports, "--address-file=" + file],
                stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while not os.path.exists(file):
            if self._process.poll() is not None or time.monotonic() > deadline:
                with open(self._folder + "/log", encoding="utf-8") as log:
                    raise RuntimeError(self.name + ": " + log.read())
            time.sleep(0.01)
        with open(file, encoding="utf-8") as addresses:
            told = json.load(addresses)
        self.grpc, self.http = told["grpc"], told["http"]

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self):
        self._process.terminate()
        return self._process.wait()


def records():
    """A line for each package, different from all others."""
    lines, package, version = [], "", ""
    with open(SOURCE, encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("Package: "):
                package = line.split()[1]
            elif line.startswith("Version: "):
                version = line.split()[1]
            elif line == "\n" and package:
                lines.append(f"{package} {version}")
                package = version = ""
    found = len(lines)
    return [f"{i} {lines[i % found]}" for i in range(RECORDS)]


def run_producer(program, lookups, lines):
    return subprocess.run([program, "produce", lookups, TOPIC, str(PER_SECOND)],
                          input="\n".join(lines) + "\n", text=True).returncode


def disturb(nodes, lookups):
    """Kills each server in turn, and starts it again a moment later."""
    for server in (nodes[0], lookups[0], nodes[1], nodes[2], lookups[1]):
        time.sleep(1.2)
        server.kill()
        say("✗", f"kill -9 {server.name}")
        time.sleep(0.8)
        server.start()
        say("●", f"{server.name} is back")


def consume_by_command(sluice, nodes):
    """What `sluice sub` gets from the channel that nobody has read yet."""
    lines = []
    for node in nodes:
        result = subprocess.run(
            [sluice, "sub", TOPIC, "command", "--address=" + node.grpc,
             "--timeout=2s"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        lines += result.stdout.splitlines()
    return lines


def run(binaries, folder):
    sluiced, lookupd, sluice, demo = (
        os.path.join(binaries, name) for name in (
            "server/sluiced", "lookup/sluice-lookupd", "cli/sluice",
            "examples/cluster_demo/cluster_demo"))
    lookups = [Server(f"lookup {i}", folder, lookupd, "--ping-interval=1s")
               for i in (1, 2)]
    addresses = [lookup.grpc for lookup in lookups]
    nodes = [Server(f"node {i}", folder, sluiced,
                    "--broadcast-address=127.0.0.1",
                    *("--lookup-address=" + each for each in addresses))
             for i in (1, 2, 3)]
    say("●", "two lookup servers and three nodes serve")
    # Both, or what is published before the consumer is there is not its own.
    for verb in (("topic", "create", TOPIC),
                 ("channel", "create", TOPIC, "command"),
                 ("channel", "create", TOPIC, "library")):
        subprocess.run([sluice, *verb, "--address=" + nodes[0].grpc],
                       check=True, stdout=subprocess.DEVNULL)
    sent = records()
    consumer = subprocess.Popen(
        [demo, "consume", ",".join(addresses), TOPIC, "library",
         str(len(sent))],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    collected = []
    reader = threading.Thread(
        target=lambda: collected.extend(
            line.rstrip("\n") for line in consumer.stdout))
    reader.start()
    codes = []
    producers = [threading.Thread(
        target=lambda half=half: codes.append(
            run_producer(demo, ",".join(addresses), sent[half::2])))
                 for half in (0, 1)]
    say("●", f"two producers publish {len(sent)} records")
    for producer in producers:
        producer.start()
    disturb(nodes, lookups)
    for producer in producers:
        producer.join()
    say("●", "a producer failed" if any(codes)
        else "every record is acknowledged")
    # `2400 lines in 2526 deliveries`: it prints each line once.
    deliveries = consumer.stderr.read().split()[-2]
    codes.append(consumer.wait())
    reader.join()
    say("●", "the library's consumer has what it waited for")
    by_command = consume_by_command(sluice, nodes)
    for server in (*nodes, *lookups):
        codes.append(server.stop())
    say("●", "everything is stopped")
    print()
    print(f"{'channel':<10}{'records':>10}{'delivered':>11}{'lost':>7}")
    lost = 0
    for name, lines, delivered in (
            ("library", collected, deliveries),
            ("command", by_command, len(by_command))):
        missing = len(set(sent) - set(lines))
        lost += missing
        print(f"{name:<10}{len(set(lines)):>10}{delivered:>11}{missing:>7}")
    print("nothing was lost" if lost == 0 else f"{lost} records were lost")
    return 0 if lost == 0 and not any(codes) else 1


def main():
    if len(sys.argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    folder = tempfile.mkdtemp(prefix="sluice-cluster-")
    try:
        return run(os.path.abspath(sys.argv[1]), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
