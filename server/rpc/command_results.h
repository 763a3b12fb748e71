// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_COMMAND_RESULTS_H_
#define SLUICE_SERVER_RPC_COMMAND_RESULTS_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "server/queue/subscription.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {

// The results that a subscriber has not been sent yet. Whoever fills it reads
// no more commands while it is full().
//
// Thread-compatible. Owned by its stream.
class CommandResults {
 public:
  static constexpr size_t kMaxPerFrame = 10'000;  // some 150 KiB

  // Notes what became of a command for `ids`: NOT_IN_FLIGHT for those in
  // `not_in_flight`, a part of them; OK for the others, if `confirm`.
  void Add(v1::CommandKind kind, absl::Span<const DeliveryId> ids,
           absl::Span<const DeliveryId> not_in_flight, bool confirm);

  bool empty() const { return next_ == results_.size(); }
  bool full() const { return results_.size() - next_ >= kMaxPerFrame; }

  // Moves the oldest results, at most kMaxPerFrame, to `frame`.
  void FillFrame(v1::CommandResults* frame);

 private:
  struct Result {
    DeliveryId id;
    v1::CommandKind kind;
    v1::CommandOutcome outcome;
  };

  std::vector<Result> results_;
  size_t next_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_COMMAND_RESULTS_H_
