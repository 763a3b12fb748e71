// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/completion_loop.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/event.h"

namespace sluice {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(1);

}  // namespace

bool CompletionLoop::RunUntil(absl::Time deadline,
                              absl::FunctionRef<bool()> done) {
  absl::Time now = absl::Now();
  while (!done()) {
    // With events always at hand the queue never says that time is up.
    if (now >= deadline) return false;
    void* tag = nullptr;
    bool ok = false;
    const auto limit = absl::ToChronoTime(std::min(deadline, now + kPatience));
    if (queue_.AsyncNext(&tag, &ok, limit) !=
        grpc::CompletionQueue::GOT_EVENT) {
      return false;
    }
    static_cast<Event*>(tag)->Done(ok);
    now = absl::Now();
  }
  return true;
}

absl::Status CompletionLoop::Await(const char* what,
                                   absl::FunctionRef<bool()> done) {
  if (RunUntil(absl::Now() + kPatience, done)) return absl::OkStatus();
  return absl::DeadlineExceededError(absl::StrCat("waited in vain: ", what));
}

}  // namespace sluice
