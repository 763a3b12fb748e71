# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Figures as a person reads them, by metric."""

_SCALED = {
    # metric: (divisor, unit, digits)
    "rate": (1e6, "M/s", 3),
    "publish_rate": (1e6, "M/s", 3),
    "megabytes_per_second": (1, "MB/s", 0),
    "cpu": (1, "s/M", 2),
    "peak_rss": (1e6, "MB", 0),
    "rss": (1e6, "MB", 0),
    "disk_after": (1e6, "MB", 0),
    "start": (1, "s", 2),
    "idle_cpu": (0.01, "%", 2),
    "threads": (1, "threads", 0),
    "p50": (1e-3, "ms", 3),
    "p99": (1e-3, "ms", 3),
    "p999": (1e-3, "ms", 3),
    "max": (1e-3, "ms", 3),
}


def _scale(metric):
    if "_time_" in metric:
        return 1e-6, "us", 3
    return _SCALED.get(metric, (1, "", 2))


def unit(metric):
    return _scale(metric)[1]


def number(metric, value):
    """Without the unit, with as many digits as the figure deserves."""
    divisor, _, digits = _scale(metric)
    scaled = value / divisor
    if metric.endswith("rate") and scaled < 0.1:
        digits = 4
    return f"{scaled:.{digits}f}"


def text(metric, value):
    return f"{number(metric, value)} {unit(metric)}".rstrip()
