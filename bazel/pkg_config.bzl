# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""A repository of cc_library targets for libraries that are already installed.

Each target carries only compiler defines and linker options: the headers are in
the compiler's default search path. Where a module names another directory (a
library built into a prefix and found through PKG_CONFIG_PATH), its headers are
linked into the repository, so a newer library than the system's can be used
without touching a BUILD file.

After the system's packages changed: `bazel sync --configure`.
"""

_MISSING = """

{module}: pkg-config does not know this library.
It comes with the Debian package {apt_package}. Install everything that a build
needs with

    scripts/setup
"""

def _run_pkg_config(ctx, option, modules):
    tool = ctx.which("pkg-config")
    if not tool:
        fail("\n\npkg-config is not installed. Run scripts/setup.\n")
    result = ctx.execute([tool, option] + modules)
    if result.return_code != 0:
        fail(_MISSING.format(
            apt_package = ctx.attr.apt_package,
            module = " ".join(modules),
        ))
    return [flag for flag in result.stdout.replace("\n", " ").split(" ") if flag]

def _unique_keep_last(flags):
    seen = {}
    kept = []
    for flag in reversed(flags):
        if flag not in seen:
            seen[flag] = True
            kept.append(flag)
    return reversed(kept)

def _link_options(flags, unreferenced):
    # One group, so that neither the order of other options nor Bazel's global
    # --no-as-needed reaches into it. pkg-config's own -Wl groups only repeat
    # what this one says.
    libraries = _unique_keep_last([
        flag
        for flag in flags
        if not flag.startswith("-Wl,") and flag != "-pthread"
    ])
    options = []
    if unreferenced:
        options += [
            "-Wl,--push-state,--no-as-needed",
            unreferenced,
            "-Wl,--pop-state",
        ]
    if libraries:
        options += ["-Wl,--push-state,--as-needed"]
        options += libraries
        options += ["-Wl,--pop-state"]
    return options + ["-pthread"]

def _cc_library(ctx, name, modules):
    cflags = _run_pkg_config(ctx, "--cflags", modules) if modules else []
    ldflags = _run_pkg_config(ctx, "--libs", modules) if modules else []
    options = repr(_link_options(ldflags, ctx.attr.unreferenced.get(name)))
    if name in ctx.attr.not_with_sanitizers:
        options = """select({{
        "@sluice//bazel:sanitizer": [],
        "//conditions:default": {},
    }})""".format(options)

    includes = []
    for index, flag in enumerate([f for f in cflags if f.startswith("-I")]):
        directory = "include/{}/{}".format(name, index)
        ctx.symlink(flag[2:], directory)
        includes.append(directory)

    return """
cc_library(
    name = {name},
    hdrs = glob({headers}),
    defines = {defines},
    includes = {includes},
    linkopts = {linkopts},
)
""".format(
        defines = repr([f[2:] for f in cflags if f.startswith("-D")]),
        headers = repr([directory + "/**" for directory in includes]),
        includes = repr(includes),
        linkopts = options,
        name = repr(name),
    )

def _pkg_config_impl(ctx):
    build = 'package(default_visibility = ["//visibility:public"])\n'
    for name, modules in ctx.attr.libraries.items():
        build += _cc_library(ctx, name, [m for m in modules.split(" ") if m])
    ctx.file("BUILD.bazel", build)

pkg_config = repository_rule(
    implementation = _pkg_config_impl,
    attrs = {
        "apt_package": attr.string(
            mandatory = True,
            doc = "The Debian package to name when a module is missing.",
        ),
        "libraries": attr.string_dict(
            mandatory = True,
            doc = "Target name to pkg-config modules, separated by a space.",
        ),
        "not_with_sanitizers": attr.string_list(
            doc = "Targets that link nothing under the sanitizer configs.",
        ),
        "unreferenced": attr.string_dict(
            doc = "Target name to a library that must be linked even though " +
                  "no symbol of it is in use.",
        ),
    },
    configure = True,
    environ = ["PKG_CONFIG_PATH"],
    local = True,
)
