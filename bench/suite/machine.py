# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Where and with what something was measured."""

import datetime
import os
import platform
import subprocess
import tempfile

from bench.suite import context as contexts
from bench.suite import peers

_LIBRARIES = ("libgrpc++1.51", "libprotobuf32", "librocksdb7.8",
              "libjemalloc2", "libc6")


def _output(*command, cwd=None):
    try:
        return subprocess.run(command, cwd=cwd, text=True, check=True,
                              stdout=subprocess.PIPE, timeout=10,
                              stderr=subprocess.DEVNULL).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def _cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown"


def facts():
    folder = tempfile.gettempdir()
    return {
        "cpu": _cpu_model(),
        "processors": os.cpu_count(),
        "memory_bytes": contexts.total_memory_bytes(),
        "kernel": platform.release(),
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", ""),
        "data_file_system": _output("findmnt", "-n", "-o", "FSTYPE", "-T",
                                    folder) or "unknown",
    }


def _library_version(package):
    return _output("dpkg-query", "-W", "-f=${Version}", package)


def versions(context, sluiced_version):
    found = {"sluiced": sluiced_version}
    found.update({name: version for name in _LIBRARIES
                  if (version := _library_version(name))})
    found.update({name: context.peers.version(name)
                  for name in ("nsqd", "redis-server", "nats-server")})
    return found


def sluiced_version(context):
    return peers.parse_version(
        _output(context.binary("server/sluiced"), "--version"))


def commit(root):
    """The commit; with a plus sign where the sources differ from it."""
    name = _output("git", "rev-parse", "--short=12", "HEAD", cwd=root)
    changed = _output("git", "status", "--porcelain", "--untracked-files=no",
                      cwd=root)
    return (name + "+" if changed else name) or "unknown"


def now():
    return datetime.datetime.now(datetime.timezone.utc)
