// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_MACHINE_MEMORY_H_
#define SLUICE_SERVER_MACHINE_MEMORY_H_

#include <cstdint>
#include <string>

namespace sluice {

// Bytes of memory this process may use: the machine's, or the limit of its
// control group (a container's, a systemd unit's) where that is lower. Never 0.
// `root` is where /proc and /sys are looked for; tests have their own.
uint64_t MachineMemoryBytes(const std::string& root = "");

}  // namespace sluice

#endif  // SLUICE_SERVER_MACHINE_MEMORY_H_
