# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Outcomes as a table of text, or of Markdown."""

from bench.suite import units

_HEADINGS = ("name", "what", "sluiced", "against", "ratio (rounds)", "bar",
             "stretch", "verdict")


def _spread_text(metric, value):
    if value is None:
        return ""
    middle = units.text(metric, value.median)
    if value.least == value.most:
        return middle
    return (f"{middle} ({units.number(metric, value.least)}-"
            f"{units.number(metric, value.most)})")


def _ratio_text(value):
    if value is None:
        return ""
    # A ratio of costs, such as 0.07, needs more digits than one of rates.
    digits = 3 if value.median < 0.3 else 2
    middle = f"{value.median:.{digits}f}"
    if value.least == value.most:
        return middle
    return f"{middle} ({value.least:.{digits}f}-{value.most:.{digits}f})"


def bar_text(bar, line):
    """Of a row's bar: a ratio, or in the unit of its figure."""
    if bar is None:
        return ""
    sign = "≥" if bar.at_least else "≤"
    if line.theirs:
        return f"{sign} {bar.limit:.3g}"
    return f"{sign} {units.text(line.metric, bar.limit)}"


def _verdict_text(outcome):
    if outcome.not_measured:
        return "not measured"
    return "MISSED" if outcome.missed else outcome.verdict


def cells(outcome):
    line = outcome.row
    return (line.name, line.title, _spread_text(line.metric, outcome.ours),
            _spread_text(line.their_metric or line.metric, outcome.theirs),
            _ratio_text(outcome.ratio), bar_text(line.bar, line),
            bar_text(line.stretch, line), _verdict_text(outcome))


def text(outcomes):
    rows = [_HEADINGS] + [cells(outcome) for outcome in outcomes]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths))
             .rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def markdown(outcomes):
    rows = [_HEADINGS, ["---"] * len(_HEADINGS)]
    rows += [cells(outcome) for outcome in outcomes]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def problems(outcomes):
    """A line for each reason why a row has no figure, and each missed bar."""
    lines = []
    for outcome in outcomes:
        if outcome.not_measured:
            line = f"not measured: {outcome.row.name}: {outcome.not_measured}"
        elif outcome.missed:
            line = f"missed: {outcome.row.name}: {outcome.row.title}"
        else:
            continue
        if line not in lines:
            lines.append(line)
    return lines
