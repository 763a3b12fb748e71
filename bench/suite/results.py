# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""The files that a run leaves behind: Markdown to read, JSON to compute with.
"""

import dataclasses
import json
import os

from bench.suite import summary, tables, units


def file_name(when, commit, quick):
    """Without a suffix, as in 2026-11-24-1805-0123456789ab-quick."""
    name = f"{when:%Y-%m-%d-%H%M}-{commit.replace('+', '-changed')}"
    return name + "-quick" if quick else name


def _bar(bar):
    return bar and {"at_least" if bar.at_least else "at_most": bar.limit}


def _spread(value):
    return value and dataclasses.asdict(value)


def _row(outcome):
    line = outcome.row
    return {
        "name": line.name,
        "title": line.title,
        "ours": line.ours,
        "theirs": line.theirs,
        "metric": line.metric,
        "our_figure": _spread(outcome.ours),
        "their_figure": _spread(outcome.theirs),
        "ratio": _spread(outcome.ratio),
        "bar": _bar(line.bar),
        "stretch": _bar(line.stretch),
        "verdict": outcome.verdict,
        "not_measured": outcome.not_measured,
    }


def as_data(about, outcomes, record):
    """All of a run, for JSON. `about` is what it was run on and with."""
    return {
        **about,
        "rows": [_row(outcome) for outcome in outcomes],
        "scenarios": record.rounds,
        "problems": record.problems,
    }


_COST_METRICS = ("rate", "cpu", "switches", "peak_rss", "p50", "p99", "p999",
                 "max")


def _cost_table(record):
    """What each scenario's server spent: medians."""
    headings = ["scenario"] + [f"{metric} {units.unit(metric)}".strip()
                               for metric in _COST_METRICS]
    rows = [headings, ["---"] * len(headings)]
    for name, rounds in record.rounds.items():
        row = [name]
        for metric in _COST_METRICS:
            values = [one[metric] for one in rounds if metric in one]
            row.append(units.number(metric, summary.spread(values).median)
                       if values else "")
        rows.append(row)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _about_lines(about):
    machine = about["machine"]
    yield (f"{about['date']}, commit {about['commit']}, "
           f"{about['rounds']} rounds, {about['seconds']:g} s each.")
    yield ""
    yield (f"- {machine['cpu']}, {machine['processors']} processors, "
           f"{machine['memory_bytes'] / (1 << 30):.0f} GiB of memory, "
           f"{machine['data_file_system']}")
    yield f"- {machine['system']}, Linux {machine['kernel']}"
    yield "- " + ", ".join(f"{name} {version}" for name, version
                           in about["versions"].items())
    yield f"- `{about['command']}`"


def as_markdown(about, outcomes, record):
    lines = ["# Benchmarks of Sluice", "", *_about_lines(about), "",
             tables.markdown(outcomes)]
    problems = tables.problems(outcomes)
    if problems:
        lines += ["", *(f"- {problem}" for problem in problems)]
    lines += ["", "## What the servers spent", "",
              "Medians. cpu: seconds of the server's processor time for a "
              "million messages. switches:", "of context, for a message.", "",
              _cost_table(record), "",
              "What is measured, and what these figures are not: "
              "[README](../README.md)."]
    return "\n".join(lines) + "\n"


def write(folder, name, data, markdown):
    """Returns the paths of both files."""
    os.makedirs(folder, exist_ok=True)
    paths = [os.path.join(folder, name + suffix) for suffix in (".json", ".md")]
    texts = (json.dumps(data, indent=1) + "\n", markdown)
    for path, content in zip(paths, texts):
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
    return paths
