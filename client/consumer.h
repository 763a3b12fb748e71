// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_CONSUMER_H_
#define SLUICE_CLIENT_CONSUMER_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cluster_connection.h"
#include "client/consumer_options.h"
#include "client/consumer_stats.h"
#include "client/delivery.h"
#include "client/handler_result.h"
#include "client/message.h"

namespace sluice {

class ConsumerCore;

// Receives the messages of one channel from all nodes that have its topic.
//
//   ConsumerOptions options;
//   options.topic = "orders";
//   options.channel = "billing";
//   auto consumer = Consumer::Create(connection, options,
//                                    [](const Message& message) {
//     return Bill(message.body).ok() ? HandlerResult::Finish()
//                                    : HandlerResult::Requeue();
//   });
//   ...
//   absl::Status status = (*consumer)->Stop(absl::Seconds(30));
//
// Nodes: each of a fixed list, or each that a lookup names for the topic, as
// they come. A subscription that ends is made anew after a short pause. One
// that a node ends because topic or channel were deleted is not, for a minute
// or until a lookup names the node again: it would bring them back.
//
// Delivery: at least once. A message is delivered again when it was requeued,
// its lease ran out, or its stream broke, also while a handler still works on
// it; messages of a broken stream that no worker has begun are dropped here.
// What was finished is durable on its node within a second.
//
// Threads: the connection's, and `workers` of its own, which call the handler.
// A handler may block. It must not call Stop, nor destroy the Consumer.
//
// Thread-safe. Destroying a Consumer stops it first, without waiting for more
// than the handlers that run.
class Consumer {
 public:
  using Handler = std::function<HandlerResult(const Message&)>;
  using AsyncHandler = std::function<void(Delivery)>;

  // Begins to receive. Does not wait for any node.
  // Errors: INVALID_ARGUMENT, as ValidateConsumerOptions.
  static absl::StatusOr<std::unique_ptr<Consumer>> Create(
      std::shared_ptr<ClusterConnection> connection, ConsumerOptions options,
      Handler handler);

  // With a handler that returns at once and completes its Delivery later;
  // `max_in_flight` bounds how many there are.
  static absl::StatusOr<std::unique_ptr<Consumer>> CreateAsync(
      std::shared_ptr<ClusterConnection> connection, ConsumerOptions options,
      AsyncHandler handler);

  ~Consumer();
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  // Changes max_in_flight; 0 pauses.
  void SetMaxInFlight(uint32_t messages);

  // Receives nothing more, gives back what waits for a worker, waits until what
  // is worked on is completed and the nodes know, and ends. DEADLINE_EXCEEDED
  // when that takes longer than `timeout`: the streams are cut and the rest
  // will be delivered again; handlers that still run are waited for in the
  // destructor. Again: the same result.
  absl::Status Stop(absl::Duration timeout);

  ConsumerStats stats() const;

 private:
  Consumer(std::shared_ptr<ClusterConnection> connection,
           std::shared_ptr<ConsumerCore> core);

  const std::shared_ptr<ClusterConnection> connection_;
  const std::shared_ptr<ConsumerCore> core_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_CONSUMER_H_
