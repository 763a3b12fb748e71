// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_SUBSCRIBE_COMMANDS_H_
#define SLUICE_CLIENT_SUBSCRIBE_COMMANDS_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {

// The commands of a subscription that wait for its stream to be free. Those of
// a kind go together, so that the number of frames does not grow with the
// number of messages. Bounded by what is leased.
//
// Their order: a new RDY first, because a lower one must be known before leases
// end and make room; then the close, so that what is given back does not come
// again; then what ends leases, and what renews them.
//
// Not thread-safe.
class SubscribeCommands {
 public:
  // Each replaces the last that has not been sent.
  void SetReady(uint32_t count, uint64_t bytes);
  void Close() { close_ = true; }

  void Finish(uint64_t delivery_id) { finish_.push_back(delivery_id); }
  void Requeue(uint64_t delivery_id, absl::Duration delay, bool keep_attempts);
  void Touch(uint64_t delivery_id) { touch_.push_back(delivery_id); }

  // False when nothing waits.
  bool Next(v1::SubscribeRequest* request);

 private:
  using Terms = std::pair<absl::Duration, bool>;

  absl::optional<std::pair<uint32_t, uint64_t>> ready_;
  bool close_ = false;
  std::vector<uint64_t> finish_;
  std::map<Terms, std::vector<uint64_t>> requeue_;
  std::vector<uint64_t> touch_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_SUBSCRIBE_COMMANDS_H_
