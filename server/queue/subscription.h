// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_SUBSCRIPTION_H_
#define SLUICE_SERVER_QUEUE_SUBSCRIPTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/storage/record_block.h"

namespace sluice {

class Channel;
struct Attachment;

// Opaque, new for each delivery of a message; means something only to the
// channel that made it.
using DeliveryId = uint64_t;

// What a channel tells whoever holds a Subscription. Called on any thread and
// under no lock; must return at once and must not call into the Subscription
// (hand over to your own thread instead).
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  // The last Take() found nothing, and now there may be something. Once per
  // empty Take().
  virtual void OnMessagesReady() = 0;
  // The channel is gone (TOPIC_NOT_FOUND or CHANNEL_NOT_FOUND says why): its
  // leases are void. Once, and the last call.
  virtual void OnChannelClosed(const absl::Status& reason) = 0;
};

// Who subscribes, and how.
struct SubscriberSpec {
  std::string client_id;
  std::string peer;
  std::string user_agent;
  absl::Duration message_timeout;  // within [kMinMessageTimeout, maximum]
  // Messages count as finished when taken; nothing is leased.
  bool auto_finish = false;
  // Of the messages that it is the first to meet it gets so many in a hundred,
  // by chance; the channel drops the others. 100: all.
  uint32_t sample_percent = 100;
};

// Neighbouring messages of one block, delivered with neighbouring ids:
// message `block->body(first_index + i)` has delivery id
// `first_delivery_id + i` for i in [0, count).
struct DeliveryRun {
  RecordBlockPtr block;
  uint32_t first_index = 0;
  uint32_t count = 0;
  DeliveryId first_delivery_id = 0;
  uint32_t attempts = 1;  // including this one, the same for the whole run
};

// How much one Take may return beside what RDY allows.
struct TakeLimit {
  uint32_t messages = 1000;
  size_t body_bytes = 1 << 20;  // one message always may exceed it
};

// One subscriber's hold on a channel; made by Broker::Subscribe, ended by its
// destructor, which gives all leases back at once.
//
// Thread-compatible: one thread at a time (the stream's). No call blocks or
// does I/O. After OnChannelClosed all calls are harmless and find nothing.
class Subscription {
 public:
  Subscription(std::shared_ptr<Channel> channel,
               std::shared_ptr<Attachment> attachment);
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  // 16 hex digits, unique while the node runs.
  const std::string& id() const;

  // RDY: messages may be leased up to `count`, and up to `bytes` of bodies
  // when that is not 0 (one message always may). 0 pauses. Takes effect with
  // the next Take; call Take afterwards.
  void SetReady(uint32_t count, uint64_t bytes);

  // Leases what is ready, appending to `runs`; returns the number of messages.
  // 0: nothing now; OnMessagesReady() follows when that changes (also when the
  // cause is RDY, a pause or a backlog read under way).
  uint32_t Take(const TakeLimit& limit, std::vector<DeliveryRun>* runs);

  // FIN, REQ and TOUCH. Ids that this subscription does not hold (finished,
  // timed out, another's) change nothing and are appended to `not_in_flight`.
  // Finished is durable within a second: a crash before that repeats the
  // message.
  void Finish(absl::Span<const DeliveryId> ids,
              std::vector<DeliveryId>* not_in_flight);
  // Puts messages back, to be delivered again after `delay`: at once when that
  // is not positive, after the node's maximum when it is longer. With
  // `keep_attempts` as if they had not been delivered this time. Delay and
  // attempts are durable within a second.
  void Requeue(absl::Span<const DeliveryId> ids, absl::Duration delay,
               bool keep_attempts, std::vector<DeliveryId>* not_in_flight);
  // New deadline: now + message timeout, at most the node's maximum after the
  // delivery.
  void Touch(absl::Span<const DeliveryId> ids,
             std::vector<DeliveryId>* not_in_flight);

  // After OnMessagesReady(): no Take comes soon, though one will come by
  // itself. Another subscriber is told in place of this one.
  void PassOn();

  // Leases held now.
  uint64_t in_flight() const;

 private:
  const std::shared_ptr<Channel> channel_;
  const std::shared_ptr<Attachment> attachment_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_SUBSCRIPTION_H_
