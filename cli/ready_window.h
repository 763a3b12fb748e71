// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_READY_WINDOW_H_
#define SLUICE_CLI_READY_WINDOW_H_

#include <algorithm>
#include <cstdint>
#include <optional>

namespace sluice {

// How many messages a node may have leased to us at once, so that it never
// delivers more than a limit in all. A node sends while leases < level, so the
// leases ended so far plus the level must not exceed the limit: the level has
// to fall before the leases that make room for more are ended.
//
// A value type.
class ReadyWindow {
 public:
  // Without a limit the level stays at `most`.
  ReadyWindow(std::optional<uint64_t> limit, uint32_t most)
      : limit_(limit), level_(Capped(most)) {}

  uint32_t level() const { return level_; }

  // `count` leases are about to be ended. True when the level fell: it must
  // reach the node before they do.
  bool EndLeases(uint64_t count) {
    ended_ += count;
    const uint32_t before = level_;
    level_ = Capped(level_);
    return level_ != before;
  }

 private:
  uint32_t Capped(uint32_t level) const {
    if (!limit_.has_value()) return level;
    const uint64_t rest = *limit_ - std::min(ended_, *limit_);
    return static_cast<uint32_t>(std::min<uint64_t>(level, rest));
  }

  std::optional<uint64_t> limit_;
  uint64_t ended_ = 0;
  uint32_t level_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_READY_WINDOW_H_
