// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_PROGRESS_H_
#define SLUICE_CLI_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace sluice {

// A line that tells how far a long verb has come, redrawn in place a few times
// a second. The first second stays quiet: most runs are over by then. One
// thread only.
class Progress {
 public:
  using Draw = std::function<void(const std::string&)>;

  // `verb` as in "published". Draws nothing with an empty `draw`. With a
  // `total` the line also tells how long the rest will take at this rate.
  Progress(std::string verb, Clock& clock, Draw draw,
           std::optional<uint64_t> total = std::nullopt);

  // `done` messages since the start. Cheap enough to call for each batch.
  void Update(uint64_t done);

  // Wipes the line, if there is one.
  void Clear();

  // `published 3 210 messages to dpkg in 0.2s (15 285/s)`, where `target` is
  // "to dpkg".
  std::string Summary(uint64_t done, absl::string_view target) const;

 private:
  const std::string verb_;
  Clock& clock_;
  const Draw draw_;
  const std::optional<uint64_t> total_;
  const SteadyTime start_;
  SteadyTime next_draw_;
  uint64_t drawn_done_ = 0;
  SteadyTime drawn_at_;
  bool drawn_ = false;
};

// Draws on standard error, when that is a terminal; otherwise empty.
Progress::Draw DrawOnTerminal();

}  // namespace sluice

#endif  // SLUICE_CLI_PROGRESS_H_
