# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Draws a run's results, as scripts/bench wrote them: SVG or PNG."""

import json
import os

from bench.suite import summary

_OURS, _THEIRS = "#1f6f8b", "#b8b8b8"
_QUANTILES = ("p50", "p99", "p999", "max")


class NoMatplotlib(Exception):
    """There is nothing to draw with."""


def _pyplot():
    try:
        import matplotlib  # pylint: disable=import-outside-toplevel
        matplotlib.use("Agg")  # draws into files, needs no display
        from matplotlib import pyplot  # pylint: disable=import-outside-toplevel
    except ImportError as error:
        raise NoMatplotlib(
            "drawing needs matplotlib: apt-get install python3-matplotlib and "
            "run /usr/bin/python3 scripts/bench, or pip install matplotlib "
            f"({error})") from error
    return pyplot


def rates(data):
    """(title, ours, theirs) of each row that compares rates, M/s."""
    return [(row["title"], row["our_figure"]["median"] / 1e6,
             row["their_figure"]["median"] / 1e6)
            for row in data["rows"]
            if row["metric"].endswith("rate") and row["their_figure"]]


def latencies(data):
    """(scenario, [quantiles in ms]) of each scenario that has them."""
    found = []
    for name, rounds in data["scenarios"].items():
        if rounds and all(quantile in rounds[0] for quantile in _QUANTILES):
            found.append((name, [
                summary.spread([one[quantile] for one in rounds]).median * 1e3
                for quantile in _QUANTILES]))
    return found


def _draw_rates(axes, rows):
    for place, (_, ours, theirs) in enumerate(rows):
        axes.barh(place - 0.2, ours, 0.38, color=_OURS)
        axes.barh(place + 0.2, theirs, 0.38, color=_THEIRS)
        axes.text(ours, place - 0.2, f" {ours / theirs:.2g} x", va="center",
                  fontsize=8)
    axes.set_yticks(range(len(rows)), [title for title, _, _ in rows],
                    fontsize=8)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("million messages a second, logarithmic")
    axes.set_title("sluiced (blue) and what it is compared with (grey)",
                   fontsize=10)


def _draw_latencies(axes, scenarios):
    for name, values in scenarios:
        ours = name.startswith("sluiced")
        axes.plot(range(len(_QUANTILES)), values, label=name, marker="o",
                  linestyle="-" if ours else "--")
    axes.set_xticks(range(len(_QUANTILES)), _QUANTILES)
    axes.set_yscale("log")
    axes.set_ylabel("publish to delivery, ms, logarithmic")
    axes.set_title("Latency, open loop", fontsize=10)
    axes.grid(axis="y", alpha=0.3)
    axes.legend(fontsize=8)


def draw(results_path, picture_format):
    """Draws beside the results; returns the path of the picture."""
    pyplot = _pyplot()
    with open(results_path, encoding="utf-8") as file:
        data = json.load(file)
    panels = [(draw_panel, values) for draw_panel, values in
              ((_draw_rates, rates(data)), (_draw_latencies, latencies(data)))
              if values]
    if not panels:
        raise ValueError(f"{results_path} has neither rates nor latencies")
    figure, axes = pyplot.subplots(len(panels), figsize=(10, 5 * len(panels)),
                                   squeeze=False)
    for (draw_panel, values), (panel_axes,) in zip(panels, axes):
        draw_panel(panel_axes, values)
    figure.suptitle(f"{data['date']}, {data['commit']}, "
                    f"{data['machine']['cpu']}, "
                    f"{data['machine']['processors']} processors", fontsize=9)
    figure.tight_layout()
    path = f"{os.path.splitext(results_path)[0]}.{picture_format}"
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
    return path
