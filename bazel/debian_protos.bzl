# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""A repository of published .proto files that Debian ships as sources.

The repository's root is the import root, so "google/rpc/status.proto" is both
the label's name and the import path.
"""

_GOOGLE_RPC = "/usr/share/gocode/src/github.com/gogo/googleapis/"
_GRPC = "/usr/share/grpc-proto/"

# Import path: (directory below which it lies, Debian package).
_PROTOS = {
    "google/rpc/code.proto": (_GOOGLE_RPC, "golang-github-gogo-googleapis-dev"),
    "google/rpc/error_details.proto": (_GOOGLE_RPC, "golang-github-gogo-googleapis-dev"),
    "google/rpc/status.proto": (_GOOGLE_RPC, "golang-github-gogo-googleapis-dev"),
    "grpc/health/v1/health.proto": (_GRPC, "grpc-proto"),
    "grpc/reflection/v1/reflection.proto": (_GRPC, "grpc-proto"),
    "grpc/reflection/v1alpha/reflection.proto": (_GRPC, "grpc-proto"),
}

_MISSING = """

{path} is missing.
It comes with the Debian package {apt_package}. Install everything that a build
needs with

    scripts/setup
"""

def _debian_protos_impl(ctx):
    for path, (directory, apt_package) in _PROTOS.items():
        source = ctx.path(directory + path)
        if not source.exists:
            fail(_MISSING.format(apt_package = apt_package, path = source))
        ctx.symlink(source, path)
    ctx.file("BUILD.bazel", "exports_files({})\n".format(repr(_PROTOS.keys())))

debian_protos = repository_rule(
    implementation = _debian_protos_impl,
    configure = True,
    local = True,
)
