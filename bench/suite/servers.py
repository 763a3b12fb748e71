# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Starts servers on scratch data, and takes them away."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

from bench.suite import usage

_START_TIMEOUT_SECONDS = 30


class Node:
    """A running server. `address` is where its clients connect."""

    def __init__(self, process, data_path, address, http_address=None):
        self._process = process
        self.data_path = data_path
        self.address = address
        self.http_address = http_address

    @property
    def pid(self):
        return self._process.pid

    def usage(self):
        return usage.of_process(self.pid)

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
        urllib.request.urlopen(request, timeout=30).close()

    def get_json(self, path):
        with urllib.request.urlopen(f"http://{self.http_address}{path}",
                                    timeout=30) as answer:
            return json.load(answer)

    def terminate(self, timeout_seconds):
        """Asks it to stop, and waits; it may write down what it holds."""
        self._process.terminate()
        self._process.wait(timeout_seconds)


@contextlib.contextmanager
def scratch():
    """A folder, gone at the end of the block."""
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
        # Not asked to stop: a server would write down what it holds, and
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
        time.sleep(0.02)
    with open(log_path, errors="replace", encoding="utf-8") as log:
        raise RuntimeError(
            f"{process.args[0]} does not serve:\n{log.read()[-2000:]}")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def sluiced_on(binary, folder, flags=()):
    """A node on free ports that keeps its data in a folder."""
    address_file = os.path.join(folder, "address")
    data_path = os.path.join(folder, "data")
    log_path = os.path.join(folder, "log")
    with contextlib.suppress(FileNotFoundError):
        os.remove(address_file)
    command = [
        binary, "--grpc-address=127.0.0.1:0", "--http-address=127.0.0.1:0",
        f"--data-path={data_path}", f"--address-file={address_file}", *flags
    ]

    def addresses():
        with contextlib.suppress(FileNotFoundError, ValueError):
            with open(address_file, encoding="utf-8") as file:
                return json.load(file)

    with _running(command, log_path) as process:
        found = _await(process, log_path, addresses)
        yield Node(process, data_path, found["grpc"], found["http"])


@contextlib.contextmanager
def sluiced(binary, flags=()):
    """A node on empty data, gone at the end of the block."""
    with scratch() as folder, sluiced_on(binary, folder, flags) as node:
        yield node


@contextlib.contextmanager
def nsqd(binary, flags=()):
    with scratch() as folder:
        data_path = os.path.join(folder, "data")
        log_path = os.path.join(folder, "log")
        os.mkdir(data_path)
        tcp, http = (f"127.0.0.1:{_free_port()}" for _ in range(2))
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
def null_node(binary, flags=()):
    """The node that keeps nothing."""
    with scratch() as folder:
        log_path = os.path.join(folder, "log")

        def port():
            with open(log_path, encoding="utf-8") as file:
                return file.read().partition("serving on port ")[2].strip()

        command = [binary, "--grpc-address=127.0.0.1:0", *flags]
        with _running(command, log_path) as process:
            found = _await(process, log_path, port)
            yield Node(process, folder, f"127.0.0.1:{found}")


@contextlib.contextmanager
def redis(binary):
    """A Redis that fsyncs before it answers, and does nothing else."""
    with scratch() as folder:
        log_path = os.path.join(folder, "log")
        port = _free_port()
        command = [
            binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder,
            "--save", "", "--appendonly", "yes", "--appendfsync", "always",
            "--auto-aof-rewrite-percentage", "0"
        ]

        def answers():
            with contextlib.suppress(OSError), socket.create_connection(
                    ("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")

        with _running(command, log_path) as process:
            _await(process, log_path, answers)
            yield Node(process, folder, f"127.0.0.1:{port}")


@contextlib.contextmanager
def nats(binary, sync_interval):
    """A nats-server with JetStream on files; "always" fsyncs each write."""
    with scratch() as folder:
        log_path = os.path.join(folder, "log")
        config_path = os.path.join(folder, "config")
        port = _free_port()
        with open(config_path, "w", encoding="utf-8") as file:
            file.write(f'jetstream {{ store_dir: "{folder}/data", '
                       f"sync_interval: {sync_interval} }}\n")
        command = [binary, "-c", config_path, "-a", "127.0.0.1", "-p",
                   str(port)]

        def answers():
            with contextlib.suppress(OSError), socket.create_connection(
                    ("127.0.0.1", port), timeout=1) as connection:
                return connection.recv(16).startswith(b"INFO")

        with _running(command, log_path) as process:
            _await(process, log_path, answers)
            yield Node(process, folder, f"127.0.0.1:{port}")
