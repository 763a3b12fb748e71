// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_DELIVERY_INBOX_H_
#define SLUICE_CLI_DELIVERY_INBOX_H_

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "client/delivery.h"

namespace sluice {

// Hands deliveries from the threads of consumers to the one thread that works
// on them, which waits for fd() with poll, next to other things. Bounded by
// what the consumers may have in flight. Thread-safe.
class DeliveryInbox {
 public:
  DeliveryInbox();
  ~DeliveryInbox();
  DeliveryInbox(const DeliveryInbox&) = delete;
  DeliveryInbox& operator=(const DeliveryInbox&) = delete;

  void Put(Delivery delivery) ABSL_LOCKS_EXCLUDED(mu_);

  // All that is there, in the order in which it came. Maybe nothing.
  std::vector<Delivery> TakeAll() ABSL_LOCKS_EXCLUDED(mu_);

  // Readable while something is there.
  int fd() const { return fd_; }

 private:
  const int fd_;  // an eventfd
  absl::Mutex mu_;
  std::vector<Delivery> deliveries_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_CLI_DELIVERY_INBOX_H_
