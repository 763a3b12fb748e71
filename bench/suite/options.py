# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""The command line of scripts/bench."""

import argparse
import os

from bench.suite import catalogue, context, peers

_DESCRIPTION = """\
Measures sluiced and its peers in turns on this machine, prints what it finds
with the bars that a release must reach, and writes it to bench/results.
Exit code 1: a bar is missed, or something of ours could not be measured."""


def _parser(root):
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true",
                        help="the main rows only, one short round: two minutes "
                        "instead of a quarter of an hour")
    parser.add_argument("--only", action="append", metavar="NAME", default=[],
                        choices=catalogue.names(),
                        help="measure this row only; may be repeated")
    parser.add_argument("--list", action="store_true",
                        help="print the rows and their bars")
    parser.add_argument("--nsqd-dir", metavar="DIR",
                        help="where nsqd, bench_writer and bench_reader are "
                        "[on the PATH]")
    parser.add_argument("--rounds", type=_positive_int, metavar="N",
                        help="how often each is measured [5; quick: 1]")
    parser.add_argument("--seconds", type=_positive_float, metavar="S",
                        help="of one measurement [3; quick: 2]")
    parser.add_argument("--no-build", action="store_true",
                        help="use the binaries that are there")
    parser.add_argument("--output", choices=("text", "json"), default="text",
                        help="on standard output [text]")
    parser.add_argument("--results-dir", metavar="DIR",
                        help="where to write the Markdown and the JSON "
                        "[bench/results; with --only nowhere]")
    parser.add_argument("--plot", metavar="RESULTS.json",
                        help="draw these results, beside them, and measure "
                        "nothing; needs matplotlib")
    parser.add_argument("--plot-format", choices=("svg", "png"), default="svg",
                        help="of the picture [svg]")
    return parser


def _positive_int(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _positive_float(text):
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def parse(arguments, root):
    """The options; a usage error ends the program with exit code 2."""
    options = _parser(root).parse_args(arguments)
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.seconds = options.seconds or (2.0 if options.quick else 3.0)
    if options.results_dir is None and not options.only:
        options.results_dir = os.path.join(root, "bench", "results")
    return options


def to_context(options, root):
    return context.Context(root=root, peers=peers.Peers(options.nsqd_dir),
                           seconds=options.seconds,
                           streams=max(2, os.cpu_count() or 1))
