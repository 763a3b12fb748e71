// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_PRODUCER_H_
#define SLUICE_CLIENT_PRODUCER_H_

#include <functional>
#include <future>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/cluster_connection.h"
#include "client/producer_options.h"
#include "client/producer_stats.h"
#include "client/publication.h"

namespace sluice {

class ProducerCore;

// Publishes messages to the nodes of a connection.
//
//   auto producer = Producer::Create(connection, ProducerOptions());
//   OutgoingMessage message;
//   message.body = "one";
//   (*producer)->Publish("orders", message, [](const auto& published) {
//     if (!published.ok()) LogError(published.status());
//   });
//   absl::Status status = (*producer)->Close(absl::Seconds(10));
//
// Performance: Publish puts a message into a batch and returns. One stream to
// each node in use carries the batches.
//
// What an OK means: the message is stored on so many nodes as `copies` says, as
// safe as `durability` says, and every channel of the topic there will deliver
// it.
//
// Errors: those of a node, with its reason (base/error.h), where it refused the
// message for good (INVALID_ARGUMENT and such). A message that is refused takes
// no others with it, only a batch of PublishBatch fails as a whole. What may
// pass is tried again, under the same request id, until `publish_timeout`:
// then the error is the last node's, or UNAVAILABLE where none answered. After
// UNAVAILABLE the message may be stored all the same. That a node drains, dies
// or is full is no error as long as another takes the message.
//
// Idempotency: attempts on one node store a message once. When an attempt had
// no answer and its node stays away, the message goes to another node and may
// be on both; both copies have the same kDedupIdAttribute.
//
// Order: with NodeChoice::kFirst messages of one topic are stored in the order
// they were published, unless a batch had to be sent again.
//
// Thread-safe. Callbacks run on the connection's thread and must not block: all
// who share the connection wait for them. Destroying a Producer closes it first
// and waits at most a second; what is unanswered then gets CANCELLED.
class Producer {
 public:
  // Called exactly once: later, or before Publish returns where the message is
  // refused at once.
  using Callback = std::function<void(const absl::StatusOr<PublishedMessage>&)>;
  using BatchCallback =
      std::function<void(const absl::StatusOr<PublishedBatch>&)>;

  // Errors: INVALID_ARGUMENT, as ValidateProducerOptions.
  static absl::StatusOr<std::unique_ptr<Producer>> Create(
      std::shared_ptr<ClusterConnection> connection, ProducerOptions options);
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  // Errors of its own: INVALID_ARGUMENT, INVALID_NAME for a bad topic;
  // RESOURCE_EXHAUSTED, PRODUCER_FULL as `when_full` says; FAILED_PRECONDITION
  // after Close.
  void Publish(absl::string_view topic, OutgoingMessage message,
               Callback callback);
  std::future<absl::StatusOr<PublishedMessage>> Publish(
      absl::string_view topic, OutgoingMessage message);
  // Waits for the answer. Not within a callback of this library.
  absl::StatusOr<PublishedMessage> PublishAndWait(absl::string_view topic,
                                                  OutgoingMessage message);

  // A batch that is stored whole or not at all, sent as it is.
  void PublishBatch(OutgoingBatch batch, BatchCallback callback);
  absl::StatusOr<PublishedBatch> PublishBatchAndWait(OutgoingBatch batch);

  // Waits until everything published before is answered. DEADLINE_EXCEEDED
  // when it is not within `timeout`; it goes on all the same.
  absl::Status Flush(absl::Duration timeout);

  // Flushes, and takes no more. What has no answer after `timeout` is answered
  // CANCELLED (it may be stored all the same), and the result is
  // DEADLINE_EXCEEDED. Again: nothing, OK.
  absl::Status Close(absl::Duration timeout);

  ProducerStats stats() const;

 private:
  explicit Producer(std::shared_ptr<ClusterConnection> connection,
                    ProducerOptions options);

  const std::shared_ptr<ClusterConnection> connection_;
  const std::shared_ptr<ProducerCore> core_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_PRODUCER_H_
