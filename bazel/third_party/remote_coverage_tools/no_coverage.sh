#!/bin/sh
# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
echo "bazel coverage is not supported here" >&2
exit 1
