// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_ATTACHMENT_H_
#define SLUICE_SERVER_QUEUE_ATTACHMENT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "server/queue/lease_table.h"
#include "server/queue/subscription.h"

namespace sluice {

// One subscriber as its channel sees it. Shared by the Subscription and the
// channel; the mutable fields are guarded by the channel's mutex.
struct Attachment : LeaseHolder {
  // Constant after construction.
  std::string id;
  SubscriberSpec spec;
  std::shared_ptr<Subscriber> subscriber;
  absl::Time connect_time;

  uint32_t ready_count = 0;
  uint64_t ready_bytes = 0;  // 0 = no limit
  bool attached = false;
  // Its last Take came back empty: it is owed an OnMessagesReady.
  bool wanting = false;
  // It stands in the channel's list of those to wake.
  bool listed = false;
  // It was told that there may be something and has not come for it yet.
  bool woken = false;

  uint64_t delivery_count = 0;
  uint64_t finish_count = 0;
  uint64_t requeue_count = 0;

  // How many more messages RDY lets it take now.
  uint32_t Capacity() const {
    if (!attached || ready_count == 0) return 0;
    if (spec.auto_finish) return UINT32_MAX;  // RDY only says pause or not
    if (leased >= ready_count) return 0;
    if (ready_bytes > 0 && leased > 0 && leased_bytes >= ready_bytes) return 0;
    return static_cast<uint32_t>(ready_count - leased);
  }
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_ATTACHMENT_H_
