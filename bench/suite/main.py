# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""scripts/bench: see options.py."""

import json
import shlex
import sys

from bench.suite import (build, catalogue, machine, options, outcome, plot,
                         results, runner, tables)


def _print_list():
    for row in catalogue.ROWS:
        mode = "quick, full" if row.quick else "full"
        goals = [f"{name} {tables.bar_text(limit, row)}" for name, limit
                 in (("bar", row.bar), ("stretch", row.stretch)) if limit]
        print(f"{row.name:20} {row.title}", *goals, mode, sep=", ")


def _command(arguments):
    """Without the folders of this machine."""
    return shlex.join(["scripts/bench"] + [
        argument for argument in arguments
        if not argument.startswith(("--nsqd-dir=", "--results-dir="))])


def _about(chosen, context, root, arguments):
    sluiced_version = machine.sluiced_version(context)
    return {
        "date": f"{machine.now():%Y-%m-%d %H:%M} UTC",
        "commit": machine.commit(root),
        "command": _command(arguments),
        "rounds": chosen.rounds,
        "seconds": chosen.seconds,
        "load": {name: getattr(context, name)
                 for name in ("size", "batch", "streams", "outstanding")},
        "machine": machine.facts(),
        "versions": machine.versions(context, sluiced_version),
    }


def _plot(chosen):
    try:
        print(plot.draw(chosen.plot, chosen.plot_format))
    except (plot.NoMatplotlib, OSError, ValueError, KeyError) as error:
        print(f"scripts/bench: {chosen.plot}: {error}", file=sys.stderr)
        return 1
    return 0


def _write(chosen, about, data, markdown):
    name = results.file_name(machine.now(), about["commit"], chosen.quick)
    for path in results.write(chosen.results_dir, name, data, markdown):
        print(f"written: {path}", file=sys.stderr)


def main(root, arguments):
    chosen = options.parse(arguments, root)
    if chosen.list:
        _print_list()
        return 0
    if chosen.plot:
        return _plot(chosen)
    if not chosen.no_build and not build.build(root):
        return 1
    context = options.to_context(chosen, root)
    rows = catalogue.choose(chosen.quick, chosen.only)
    about = _about(chosen, context, root, arguments)
    record = runner.run(catalogue.scenarios_of(rows), chosen.rounds, context)
    outcomes = [outcome.judge(row, record) for row in rows]

    data = results.as_data(about, outcomes, record)
    if chosen.output == "json":
        print(json.dumps(data))
    else:
        print(tables.text(outcomes))
        for problem in tables.problems(outcomes):
            print(problem)
    if chosen.results_dir:
        page = results.as_markdown(about, outcomes, record)
        _write(chosen, about, data, page)
    return 1 if record.failed or any(o.missed for o in outcomes) else 0
