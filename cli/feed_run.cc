// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/feed_run.h"

#include <unistd.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "cli/error_text.h"
#include "cli/progress.h"
#include "cli/terminal.h"

namespace sluice {
namespace {

// Within the grace that StopSignal gives.
constexpr absl::Duration kStopTimeout = absl::Milliseconds(2500);

// For progress and new topics.
constexpr absl::Duration kTick = absl::Milliseconds(250);

}  // namespace

ExitCode RunFeed(Feed* feed, const FeedCounts& counts, const char* verb,
                 const Settings& settings, const StopSignal& stop) {
  Progress progress(verb, Clock::Real(), DrawOnTerminal());
  absl::Status status;
  while (status.ok() && !stop.stopped()) {
    status = feed->Refresh();
    if (status.ok()) stop.Wait(kTick);
    progress.Update(counts.done);
  }
  if (!feed->Stop(kStopTimeout).ok()) {
    PrintNote("some messages took too long; they will be delivered again");
  }
  progress.Clear();
  if (settings.verbose || IsTerminal(STDERR_FILENO)) {
    PrintNote(absl::StrCat(verb, " ", counts.done.load(),
                           " messages, left out ", counts.left_out.load(),
                           ", failed ", counts.failed.load()));
  }
  return status.ok() ? ExitCodeFor(stop.reason()) : ReportStatus(status);
}

}  // namespace sluice
