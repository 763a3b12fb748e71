// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_PUBLISH_FLOW_H_
#define SLUICE_BENCH_PUBLISH_FLOW_H_

#include <cstdint>

#include "absl/status/status.h"

namespace sluice {

// How much all publish flows of a run may send, and how far they are. One
// thread only.
struct PublishProgress {
  uint64_t batches_to_send = 0;  // set to 0 to stop
  uint64_t batches_in_flight = 0;
  uint64_t batches_acknowledged = 0;
  absl::Status error;  // the first that came back

  bool done() const { return batches_to_send == 0 && batches_in_flight == 0; }
};

// Keeps a fixed number of publishes under way on one connection, by one stream
// or by a call for each. One thread only: the one that runs the completion
// queue. Destroy it after ended().
class PublishFlow {
 public:
  virtual ~PublishFlow() = default;

  // Makes ready to send; nothing is sent before Send.
  virtual void Start() = 0;
  virtual bool started() const = 0;

  // Sends until the progress says that there is nothing left to send.
  virtual void Send() = 0;

  // Ends the flow in good order, once. To be called when nothing is in flight.
  virtual void Close() = 0;
  virtual void Cancel() = 0;
  virtual bool ended() const = 0;
};

}  // namespace sluice

#endif  // SLUICE_BENCH_PUBLISH_FLOW_H_
