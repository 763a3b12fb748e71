# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""What one measurement found: a number for each metric, by name.

  rate               messages a second
  megabytes_per_second  of bodies
  cpu                seconds of the server's processor time, a million messages
  switches           context switches of the server, a message
  peak_rss           highest resident memory of the server, bytes
  p50 p99 p999 max   latency, seconds

Others are named where they are measured. A dictionary: scenarios return it.
"""


def measure(used, messages, seconds=None, body_bytes=None, **others):
    """The metrics of a server that spent `used`, a Usage, on messages."""
    found = {
        "cpu": used.cpu_seconds / messages * 1e6,
        "switches": used.switches / messages,
        "peak_rss": used.peak_rss_bytes,
    }
    if seconds:
        found["rate"] = messages / seconds
        if body_bytes:
            found["megabytes_per_second"] = found["rate"] * body_bytes / 1e6
    return {**found, **others}
