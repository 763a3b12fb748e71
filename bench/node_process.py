# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Starts servers on scratch data, watches them, and takes them away."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_START_TIMEOUT_SECONDS = 20


def build_output(name):
    """The path of a binary that Bazel built in this checkout."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return os.path.join(root, "bazel-bin", *name.split("/"))


class Usage:
    """What a process has used so far; the difference of two is a Usage too."""

    def __init__(self, cpu_seconds, rss_bytes, peak_rss_bytes):
        self.cpu_seconds = cpu_seconds
        self.rss_bytes = rss_bytes
        self.peak_rss_bytes = peak_rss_bytes

    def since(self, before):
        return Usage(self.cpu_seconds - before.cpu_seconds, self.rss_bytes,
                     self.peak_rss_bytes)


class Node:
    """A running server. `address` is where its clients connect."""

    def __init__(self, process, data_path, address, http_address):
        self.process = process
        self.data_path = data_path
        self.address = address
        self.http_address = http_address

    @property
    def pid(self):
        return self.process.pid

    def usage(self):
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        status = {}
        with open(f"/proc/{self.pid}/status") as file:
            for line in file:
                key, _, value = line.partition(":")
                status[key] = value.split()
        return Usage((int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND,
                     int(status["VmRSS"][0]) * 1024,
                     int(status["VmHWM"][0]) * 1024)

    def disk_bytes(self):
        """Blocks in use below the data path, as du counts them."""
        total = 0
        for folder, _, files in os.walk(self.data_path):
            for name in files:
                with contextlib.suppress(FileNotFoundError):
                    total += os.stat(os.path.join(folder, name)).st_blocks * 512
        return total

    def post(self, path):
        request = urllib.request.Request(f"http://{self.http_address}{path}",
                                         data=b"", method="POST")
        urllib.request.urlopen(request, timeout=10).close()


@contextlib.contextmanager
def _scratch():
    path = tempfile.mkdtemp(prefix="sluice-bench-")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _running(command, log_path):
    with open(log_path, "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        # Not asked to stop: both servers would write down what they hold, and
        # nobody is going to read it.
        process.kill()
        process.wait()


def _await(process, log_path, ready):
    deadline = time.monotonic() + _START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        result = ready()
        if result:
            return result
        time.sleep(0.05)
    with open(log_path, errors="replace") as log:
        raise RuntimeError(f"{process.args[0]} does not serve:\n{log.read()}")


@contextlib.contextmanager
def sluiced(binary, flags=()):
    """A node on free ports and empty data, gone at the end of the block."""
    with _scratch() as scratch:
        address_file = os.path.join(scratch, "address")
        data_path = os.path.join(scratch, "data")
        log_path = os.path.join(scratch, "log")
        command = [
            binary, "--grpc-address=127.0.0.1:0", "--http-address=127.0.0.1:0",
            f"--data-path={data_path}", f"--address-file={address_file}",
            *flags
        ]

        def addresses():
            with contextlib.suppress(FileNotFoundError):
                with open(address_file) as file:
                    return json.load(file)

        with _running(command, log_path) as process:
            found = _await(process, log_path, addresses)
            yield Node(process, data_path, found["grpc"], found["http"])


@contextlib.contextmanager
def nsqd(binary, flags=(), tcp_port=24150, http_port=24151):
    """An nsqd on empty data, gone at the end of the block."""
    with _scratch() as scratch:
        data_path = os.path.join(scratch, "data")
        log_path = os.path.join(scratch, "log")
        os.mkdir(data_path)
        tcp, http = f"127.0.0.1:{tcp_port}", f"127.0.0.1:{http_port}"
        command = [
            binary, f"-tcp-address={tcp}", f"-http-address={http}",
            f"-data-path={data_path}", *flags
        ]

        def answers():
            with contextlib.suppress(OSError):
                return urllib.request.urlopen(f"http://{http}/ping",
                                              timeout=1).status == 200

        with _running(command, log_path) as process:
            _await(process, log_path, answers)
            yield Node(process, data_path, tcp, http)


@contextlib.contextmanager
def null_node(binary):
    """The node that keeps nothing, on a free port."""
    with _scratch() as scratch:
        log_path = os.path.join(scratch, "log")

        def port():
            with open(log_path) as file:
                return file.read().partition("serving on port ")[2].strip()

        command = [binary, "--grpc-address=127.0.0.1:0"]
        with _running(command, log_path) as process:
            found = _await(process, log_path, port)
            yield Node(process, scratch, f"127.0.0.1:{found}", None)


def load(binary, node, *arguments):
    """Runs the load generator and returns its report, phases by name."""
    command = [
        binary, *arguments, f"--address={node.address}",
        f"--server-pid={node.pid}", "--output=json"
    ]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    phases = json.loads(result.stdout)["phases"]
    return {phase["name"]: phase for phase in phases}
