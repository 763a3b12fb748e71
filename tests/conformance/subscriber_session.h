// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CONFORMANCE_SUBSCRIBER_SESSION_H_
#define SLUICE_TESTS_CONFORMANCE_SUBSCRIBER_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "sluice/v1/subscriber.pb.h"
#include "tests/conformance/client.h"

namespace sluice {

// One Subscribe stream, with a thread that reads it. The Expect calls wait up
// to kPatience for what must come, and fail the test when it does not. Whatever
// comes is also checked against the order of a stream's life: `opened` first,
// nothing after `closed`, no empty lists.
//
// Commands may be sent from one thread at a time.
class SubscriberSession {
 public:
  // Opens the stream and sends nothing.
  explicit SubscriberSession(NodeClient& client);
  // Sends `open` too, without waiting for the answer.
  SubscriberSession(NodeClient& client, const v1::Open& open);
  // Cancels a stream that has not ended.
  ~SubscriberSession();
  SubscriberSession(const SubscriberSession&) = delete;
  SubscriberSession& operator=(const SubscriberSession&) = delete;

  // False when the stream has ended.
  bool Send(const v1::SubscribeRequest& request);
  bool Open(const v1::Open& open);
  bool Ready(uint32_t count, uint64_t bytes = 0);
  bool Finish(const std::vector<uint64_t>& delivery_ids);
  bool Requeue(const std::vector<uint64_t>& delivery_ids,
               bool keep_attempts = false);
  bool Touch(const std::vector<uint64_t>& delivery_ids);
  bool Close();
  void HalfClose();
  void Cancel();

  // The thread reads nothing more until it is told to go on, as a client that
  // hangs; one message it waits for may still come in.
  void StopReading();
  void GoOnReading();

  v1::Opened ExpectOpened();
  // The next deliveries, exactly this many (more may follow), in the order they
  // came.
  std::vector<v1::Delivery> ExpectDeliveries(size_t count);
  v1::Delivery ExpectDelivery();
  // The next one, or nothing when none comes in time; no failure.
  absl::optional<v1::Delivery> NextDelivery(absl::Duration patience);
  // No delivery is there, and none comes for a moment.
  void ExpectNoDelivery(absl::Duration moment = absl::Milliseconds(150));
  std::vector<v1::CommandResult> ExpectResults(size_t count);
  // What results there are; does not wait.
  std::vector<v1::CommandResult> TakeResults();
  // The next result: this one.
  void ExpectResult(uint64_t delivery_id, v1::CommandKind kind,
                    v1::CommandOutcome outcome);
  // `closed`, then OK.
  void ExpectClosed();
  // The end of the stream, in whatever way.
  Outcome ExpectEnd();

  // What came and was not asked for yet.
  size_t waiting_deliveries() const;
  size_t waiting_results() const;
  bool draining() const;
  bool ended() const;

 private:
  struct Stream;
  const std::unique_ptr<Stream> stream_;
};

std::vector<uint64_t> IdsOf(const std::vector<v1::Delivery>& deliveries);
std::vector<std::string> BodiesOf(const std::vector<v1::Delivery>& deliveries);
// "0", "1", ... as PublishNumbers makes them.
std::vector<std::string> Numbers(int count, int first = 0);

}  // namespace sluice

#endif  // SLUICE_TESTS_CONFORMANCE_SUBSCRIBER_SESSION_H_
