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

// `, 4.0s left`, from the rate since the start.
std::string Rest(uint64_t done, uint64_t total, absl::Duration time) {
  const double rate =
      static_cast<double>(done) / std::max(absl::ToDoubleSeconds(time), 1e-3);
  const uint64_t rest = total - std::min(done, total);
  if (rate <= 0) return "";
  return absl::StrCat(
      ", ",
      DurationText(absl::Seconds(static_cast<double>(rest) / rate),
                   NumberStyle::kHuman),
      " left");
}

}  // namespace

Progress::Progress(std::string verb, Clock& clock, Draw draw,
                   std::optional<uint64_t> total)
    : verb_(std::move(verb)),
      clock_(clock),
      draw_(std::move(draw)),
      total_(total),
      start_(clock.SteadyNow()),
      next_draw_(start_ + kQuietTime),
      drawn_at_(start_) {}

void Progress::Update(uint64_t done) {
  if (!draw_) return;
  const SteadyTime now = clock_.SteadyNow();
  if (now < next_draw_) return;
  const std::string of =
      total_.has_value()
          ? absl::StrCat(" of ", CountText(*total_, NumberStyle::kHuman))
          : "";
  draw_(absl::StrCat(
      kWipeLine, verb_, " ", CountText(done, NumberStyle::kHuman), of, " (",
      Rate(done - drawn_done_, now - drawn_at_), "/s",
      total_.has_value() ? Rest(done, *total_, now - start_) : "", ")"));
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
