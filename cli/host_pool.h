// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_HOST_POOL_H_
#define SLUICE_CLI_HOST_POOL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace sluice {

// Chooses among several places to send to. One that failed is left alone for a
// pause that doubles with each further failure; when all are, the one whose
// pause ends first is tried.
//
// Not thread-safe.
class HostPool {
 public:
  enum class Mode {
    kRoundRobin,  // one after the other, whether they work or not
    kHostPool,    // one after the other of those that work
    // Of those that work the fastest, and sometimes, at random, another one,
    // to find out whether it has become faster.
    kEpsilonGreedy,
  };

  // A number from 0 to below 1.
  using Random = std::function<double()>;

  HostPool(size_t hosts, Mode mode, Clock& clock, Random random);

  // Which to send to next, from 0.
  size_t Pick();

  // How it went, and how long it took.
  void Report(size_t host, bool ok, absl::Duration took);

 private:
  struct Host {
    int failures = 0;  // in a row
    SteadyTime usable_at;
    // Exponential average; recent answers count most. 0: none yet.
    absl::Duration typical;
  };

  std::vector<size_t> Usable() const;
  size_t InTurn(const std::vector<size_t>& of);
  size_t Fastest(const std::vector<size_t>& of) const;

  const Mode mode_;
  Clock& clock_;
  const Random random_;
  std::vector<Host> hosts_;
  size_t turn_ = 0;
  double epsilon_;
};

// `round-robin`, `hostpool` or `epsilon-greedy`.
absl::StatusOr<HostPool::Mode> ParsePoolMode(absl::string_view name);

}  // namespace sluice

#endif  // SLUICE_CLI_HOST_POOL_H_
