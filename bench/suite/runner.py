# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Runs scenarios round by round, the servers taking turns."""

from bench.suite import outcome, peers, progress


def plan(scenarios, rounds):
    """(round, scenario) in the order they are run; long ones come last."""
    order = [(number, scenario) for number in range(1, rounds + 1)
             for scenario in scenarios if not scenario.once]
    return order + [(1, scenario) for scenario in scenarios if scenario.once]


def run(scenarios, rounds, context, show=None):
    """Measures, and returns the record. No scenario's failure ends the run."""
    order = plan(scenarios, rounds)
    record = outcome.Record()
    show = show or progress.Progress(order)
    for number, scenario in order:
        show.start(number, scenario)
        problem = None
        if scenario.name not in record.problems:
            problem = _measure(scenario, context, record)
        show.end(scenario, problem)
    show.finish()
    return record


def _measure(scenario, context, record):
    try:
        record.add(scenario.name, scenario.run(context))
    except peers.Missing as missing:
        record.missing(scenario.name, str(missing))
    except Exception as error:  # pylint: disable=broad-except
        record.fail(scenario.name, f"{type(error).__name__}: {error}")
    return record.problems.get(scenario.name)
