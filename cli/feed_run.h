// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_FEED_RUN_H_
#define SLUICE_CLI_FEED_RUN_H_

#include <atomic>
#include <cstdint>

#include "cli/exit_code.h"
#include "cli/feed.h"
#include "cli/settings.h"
#include "cli/stop_signal.h"

namespace sluice {

// Counts of a verb that carries messages elsewhere, written by many threads.
struct FeedCounts {
  std::atomic<uint64_t> done{0};
  std::atomic<uint64_t> left_out{0};  // finished, but not carried
  std::atomic<uint64_t> failed{0};    // given back, to come again
};

// Runs a feed whose handler does all the work, until it is time to stop; shows
// progress; stops it, which finishes what is under way. `verb` as in "sent".
ExitCode RunFeed(Feed* feed, const FeedCounts& counts, const char* verb,
                 const Settings& settings, const StopSignal& stop);

}  // namespace sluice

#endif  // SLUICE_CLI_FEED_RUN_H_
