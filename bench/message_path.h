// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_MESSAGE_PATH_H_
#define SLUICE_BENCH_MESSAGE_PATH_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sluice {

// A way for messages through some server: one connection that publishes and one
// that subscribes. The same loop measures servers of different protocols
// through it.
//
// Publish, AwaitAnswers and Receive are each called from a thread of their own,
// between Open and the destructor. Close may be called from any.
class MessagePath {
 public:
  virtual ~MessagePath() = default;

  // Makes topic and channel, subscribes, and returns when messages can flow.
  virtual absl::Status Open() = 0;

  // Sends one message in a request of its own, and returns when it is on its
  // way; the answer comes later.
  virtual absl::Status Publish(absl::string_view body) = 0;

  // Waits for the next answers to publishes and checks them. Cancelled once the
  // path is closed.
  virtual absl::Status AwaitAnswers() = 0;

  // Waits for the next messages, calls `take` with the body of each, and
  // finishes them. Cancelled once the path is closed.
  virtual absl::Status Receive(
      absl::FunctionRef<void(absl::string_view)> take) = 0;

  // Makes those that wait return.
  virtual void Close() = 0;
};

}  // namespace sluice

#endif  // SLUICE_BENCH_MESSAGE_PATH_H_
