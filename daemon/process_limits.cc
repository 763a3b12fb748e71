// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/process_limits.h"

#include <sys/resource.h>

#include "spdlog/spdlog.h"

namespace sluice {
namespace {

// A store uses some hundred of them.
constexpr rlim_t kComfortable = 4096;

}  // namespace

// Where it cannot be raised the node still works, with fewer connections.
void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max >= kComfortable) return;
  spdlog::warn(
      "only {} files may be open at a time, connections among them: allow more "
      "(ulimit -Hn, or LimitNOFILE= of systemd)",
      limit.rlim_max);
}

}  // namespace sluice
