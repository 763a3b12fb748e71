// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/machine_memory.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace sluice {
namespace {

// Of a machine that does not say.
constexpr uint64_t kUnknownMemoryBytes = uint64_t{4} << 30;

// A limit file's number; UINT64_MAX when it is missing or says `max`.
uint64_t ReadLimit(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  uint64_t bytes = 0;
  if (!(file >> text) || !absl::SimpleAtoi(text, &bytes)) return UINT64_MAX;
  return bytes;
}

uint64_t PhysicalMemory(const std::string& root) {
  std::ifstream file(root + "/proc/meminfo");
  std::string name;
  uint64_t kibibytes = 0;
  std::string unit;
  while (file >> name >> kibibytes >> unit) {
    if (name == "MemTotal:") return kibibytes << 10;
  }
  return kUnknownMemoryBytes;
}

// The lowest limit of `group` and the groups it lies in: each binds.
uint64_t LowestLimit(const std::string& hierarchy, absl::string_view group,
                     absl::string_view file) {
  uint64_t lowest = UINT64_MAX;
  while (true) {
    lowest =
        std::min(lowest, ReadLimit(absl::StrCat(hierarchy, group, "/", file)));
    const size_t slash = group.rfind('/');
    if (group.empty() || slash == absl::string_view::npos) return lowest;
    group = group.substr(0, slash);
  }
}

// Each line of /proc/self/cgroup is `number:controllers:/group`; version 2 of
// control groups has no controllers there.
uint64_t ControlGroupLimit(const std::string& root) {
  std::ifstream file(root + "/proc/self/cgroup");
  uint64_t lowest = UINT64_MAX;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> parts =
        absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (parts.size() != 3) continue;
    if (parts[1].empty()) {
      lowest = std::min(
          lowest, LowestLimit(root + "/sys/fs/cgroup", parts[2], "memory.max"));
    } else if (parts[1] == "memory") {
      lowest = std::min(lowest, LowestLimit(root + "/sys/fs/cgroup/memory",
                                            parts[2], "memory.limit_in_bytes"));
    }
  }
  return lowest;
}

}  // namespace

uint64_t MachineMemoryBytes(const std::string& root) {
  const uint64_t bytes =
      std::min(PhysicalMemory(root), ControlGroupLimit(root));
  return bytes != 0 ? bytes : kUnknownMemoryBytes;
}

}  // namespace sluice
