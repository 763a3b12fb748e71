# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""What a process has used, from /proc."""

import contextlib
import dataclasses
import os

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass(frozen=True)
class Usage:
    """What a process has used so far."""

    cpu_seconds: float  # user and system, of all its threads
    switches: int  # voluntary and not, of the threads that still live
    rss_bytes: int
    peak_rss_bytes: int
    threads: int

    def since(self, before):
        """The difference; memory and threads stay as they are."""
        return dataclasses.replace(
            self, cpu_seconds=self.cpu_seconds - before.cpu_seconds,
            switches=self.switches - before.switches)


def parse_status(text):
    """The fields of a status file: the first word of each value."""
    fields = {}
    for line in text.splitlines():
        key, _, value = line.partition(":")
        fields[key] = value.split()[0] if value.split() else ""
    return fields


def parse_cpu_seconds(stat):
    """The processor time in a stat file, whose second field may hold spaces."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND


def _read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def _switches(pid):
    # A process's own status file counts those of its first thread only.
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(OSError):
            status = parse_status(_read(f"/proc/{pid}/task/{thread}/status"))
            total += int(status["voluntary_ctxt_switches"])
            total += int(status["nonvoluntary_ctxt_switches"])
    return total


def of_process(pid):
    status = parse_status(_read(f"/proc/{pid}/status"))
    return Usage(cpu_seconds=parse_cpu_seconds(_read(f"/proc/{pid}/stat")),
                 switches=_switches(pid),
                 rss_bytes=int(status["VmRSS"]) * 1024,
                 peak_rss_bytes=int(status["VmHWM"]) * 1024,
                 threads=int(status["Threads"]))
