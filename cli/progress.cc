// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/number_text.h"
#include "cli/terminal.h"

namespace sluice {
namespace {

constexpr absl::Duration kQuietTime = absl::Seconds(1);
constexpr absl::Duration kRedrawInterval = absl::Milliseconds(250);

constexpr char kWipeLine[] = "\r\x1b[K";

std::string Rate(uint64_t count, absl::Duration time) {
  const double seconds = std::max(absl::ToDoubleSeconds(time), 1e-3);
  return RateText(static_cast<double>(count) / seconds, NumberStyle::kHuman);
}

}  // namespace

Progress::Progress(std::string verb, Clock& clock, Draw draw)
    : verb_(std::move(verb)),
      clock_(clock),
      draw_(std::move(draw)),
      start_(clock.SteadyNow()),
      next_draw_(start_ + kQuietTime),
      drawn_at_(start_) {}

void Progress::Update(uint64_t done) {
  if (!draw_) return;
  const SteadyTime now = clock_.SteadyNow();
  if (now < next_draw_) return;
  draw_(absl::StrCat(kWipeLine, verb_, " ",
                     CountText(done, NumberStyle::kHuman), " (",
                     Rate(done - drawn_done_, now - drawn_at_), "/s)"));
  drawn_ = true;
  drawn_done_ = done;
  drawn_at_ = now;
  next_draw_ = now + kRedrawInterval;
}

void Progress::Clear() {
  if (drawn_) draw_(kWipeLine);
  drawn_ = false;
}

std::string Progress::Summary(uint64_t done, absl::string_view target) const {
  const absl::Duration time = clock_.SteadyNow() - start_;
  return absl::StrCat(verb_, " ", CountText(done, NumberStyle::kHuman),
                      done == 1 ? " message " : " messages ", target, " in ",
                      DurationText(time, NumberStyle::kHuman), " (",
                      Rate(done, time), "/s)");
}

Progress::Draw DrawOnTerminal() {
  if (!TakesEscapes(STDERR_FILENO)) return nullptr;
  return [](const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
  };
}

}  // namespace sluice
