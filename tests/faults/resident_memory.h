// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_FAULTS_RESIDENT_MEMORY_H_
#define SLUICE_TESTS_FAULTS_RESIDENT_MEMORY_H_

#include <sys/types.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"

namespace sluice {

// Bytes of memory that the process has now; 0 when it is gone.
inline int64_t ResidentBytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  std::string word;
  int64_t kilobytes = 0;
  while (status >> word) {
    if (word == "VmRSS:") status >> kilobytes;
  }
  return kilobytes * 1024;
}

}  // namespace sluice

#endif  // SLUICE_TESTS_FAULTS_RESIDENT_MEMORY_H_
