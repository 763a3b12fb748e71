# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""C++ code from .proto files, by the system's protoc.

The import root is the package that calls the macro: a file
`proto/sluice/v1/types.proto` of package `//proto` is imported, and its header
included, as "sluice/v1/types...". Generated code is compiled without warnings
and at -O1: it is large, and not what a profile of this project shows.
"""

_COPTS = [
    "-w",
    "-O1",
]

# Where scripts/setup puts google/protobuf/*.proto.
_SYSTEM_IMPORTS = "/usr/include"

def _sources(target):
    # "//proto:types_cc_proto" -> the .proto files that it was generated from.
    return target + "_sources"

def _outputs(srcs, suffixes):
    # "@debian_protos//:google/rpc/code.proto" -> "google/rpc/code" + suffix.
    stems = [src.split(":")[-1][:-len(".proto")] for src in srcs]
    return [stem + suffix for stem in stems for suffix in suffixes]

def _generate(name, srcs, imports, suffixes, options):
    native.genrule(
        name = name + "_generate",
        srcs = imports,
        outs = _outputs(srcs, suffixes),
        cmd = " ".join([
            "protoc",
            "-I" + native.package_name(),
            "-Iexternal/debian_protos",
            "-I" + _SYSTEM_IMPORTS,
        ] + options + ["$(location {})".format(src) for src in srcs]),
        message = "Generating C++ for",
        visibility = ["//visibility:private"],
    )

def _cc_library(name, srcs, suffixes, deps, visibility):
    outputs = _outputs(srcs, suffixes)
    native.cc_library(
        name = name,
        srcs = [file for file in outputs if file.endswith(".cc")],
        hdrs = [file for file in outputs if file.endswith(".h")],
        copts = _COPTS,
        includes = ["."],
        deps = deps,
        visibility = visibility,
    )

def sluice_cc_proto(name, srcs, deps = [], visibility = None):
    """A cc_library with the messages of some .proto files.

    Args:
      name: ends in _cc_proto.
      srcs: .proto files of this package, or labels in @debian_protos.
      deps: sluice_cc_proto targets whose files these import.
      visibility: as for cc_library.
    """
    native.filegroup(
        name = _sources(name),
        srcs = srcs + [_sources(dep) for dep in deps],
        visibility = visibility,
    )
    _generate(
        name = name,
        srcs = srcs,
        imports = srcs + [":" + _sources(name)],
        suffixes = [".pb.h", ".pb.cc"],
        options = ["--cpp_out=$(RULEDIR)"],
    )
    _cc_library(
        name = name,
        srcs = srcs,
        suffixes = [".pb.h", ".pb.cc"],
        deps = deps + ["@protobuf"],
        visibility = visibility,
    )

def sluice_cc_grpc(name, srcs, deps, visibility = None):
    """A cc_library with the stubs and service bases of some .proto files.

    Args:
      name: ends in _cc_grpc.
      srcs: the same files as those of the first of deps.
      deps: sluice_cc_proto targets: the one of the same files, and all that it
        depends on is reached through it.
      visibility: as for cc_library.
    """
    _generate(
        name = name,
        srcs = srcs,
        imports = srcs + [_sources(dep) for dep in deps],
        suffixes = [".grpc.pb.h", ".grpc.pb.cc"],
        options = [
            "--plugin=protoc-gen-grpc=$$(command -v grpc_cpp_plugin)",
            "--grpc_out=$(RULEDIR)",
        ],
    )
    _cc_library(
        name = name,
        srcs = srcs,
        suffixes = [".grpc.pb.h", ".grpc.pb.cc"],
        deps = deps + ["@grpc//:grpc++"],
        visibility = visibility,
    )
