// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/host_pool.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

namespace sluice {
namespace {

constexpr absl::Duration kFirstPause = absl::Seconds(1);
constexpr absl::Duration kLongestPause = absl::Minutes(1);

// How often another than the fastest is tried: often at first, when little is
// known, then less and less.
constexpr double kFirstEpsilon = 0.3;
constexpr double kLeastEpsilon = 0.01;
constexpr double kEpsilonDecay = 0.99;

// The weight of the latest answer.
constexpr double kRecent = 0.2;

absl::Duration PauseAfter(int failures) {
  absl::Duration pause = kFirstPause;
  for (int i = 1; i < failures && pause < kLongestPause; ++i) pause *= 2;
  return std::min(pause, kLongestPause);
}

}  // namespace

HostPool::HostPool(size_t hosts, Mode mode, Clock& clock, Random random)
    : mode_(mode),
      clock_(clock),
      random_(std::move(random)),
      hosts_(hosts),
      epsilon_(kFirstEpsilon) {}

std::vector<size_t> HostPool::Usable() const {
  const SteadyTime now = clock_.SteadyNow();
  std::vector<size_t> usable;
  size_t soonest = 0;
  for (size_t i = 0; i < hosts_.size(); ++i) {
    if (mode_ == Mode::kRoundRobin || hosts_[i].failures == 0 ||
        hosts_[i].usable_at <= now) {
      usable.push_back(i);
    }
    if (hosts_[i].usable_at < hosts_[soonest].usable_at) soonest = i;
  }
  if (usable.empty()) usable.push_back(soonest);
  return usable;
}

size_t HostPool::InTurn(const std::vector<size_t>& of) {
  // The first at or behind the turn, in a circle.
  const auto found = std::lower_bound(of.begin(), of.end(), turn_);
  const size_t host = found == of.end() ? of.front() : *found;
  turn_ = (host + 1) % hosts_.size();
  return host;
}

size_t HostPool::Fastest(const std::vector<size_t>& of) const {
  return *std::min_element(of.begin(), of.end(), [this](size_t a, size_t b) {
    return hosts_[a].typical < hosts_[b].typical;
  });
}

size_t HostPool::Pick() {
  const std::vector<size_t> usable = Usable();
  if (mode_ != Mode::kEpsilonGreedy) return InTurn(usable);
  const bool explore = random_() < epsilon_;
  epsilon_ = std::max(kLeastEpsilon, epsilon_ * kEpsilonDecay);
  if (!explore) return Fastest(usable);
  const auto index =
      static_cast<size_t>(random_() * static_cast<double>(usable.size()));
  return usable[std::min(index, usable.size() - 1)];
}

void HostPool::Report(size_t host, bool ok, absl::Duration took) {
  Host& at = hosts_[host];
  if (!ok) {
    ++at.failures;
    at.usable_at = clock_.SteadyNow() + PauseAfter(at.failures);
    return;
  }
  at.failures = 0;
  at.usable_at = SteadyTime();
  at.typical = at.typical == absl::ZeroDuration()
                   ? took
                   : at.typical * (1 - kRecent) + took * kRecent;
}

absl::StatusOr<HostPool::Mode> ParsePoolMode(absl::string_view name) {
  if (name == "round-robin") return HostPool::Mode::kRoundRobin;
  if (name == "hostpool") return HostPool::Mode::kHostPool;
  if (name == "epsilon-greedy") return HostPool::Mode::kEpsilonGreedy;
  return absl::InvalidArgumentError(
      "wanted is round-robin, hostpool or epsilon-greedy");
}

}  // namespace sluice
