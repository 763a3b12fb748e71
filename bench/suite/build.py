# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Builds what is measured."""

import subprocess

_TARGETS = ("//bench:latency", "//bench:load", "//bench:null_node",
            "//cli:sluice", "//server:sluiced")


def build(root):
    """False when the build fails; Bazel has said why."""
    command = ["bazel", "build", "-c", "opt", "--noshow_progress", *_TARGETS]
    # Standard output is for results.
    return subprocess.run(command, cwd=root, stdout=2, check=False
                          ).returncode == 0
