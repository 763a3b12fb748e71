// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_PARCEL_H_
#define SLUICE_CLIENT_PARCEL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "base/clock.h"
#include "client/publication.h"
#include "sluice/v1/publisher.pb.h"

namespace sluice {

// A batch of messages on its way to nodes, with whom to tell. Either messages
// that were put together here, each with a callback of its own, or one batch
// that goes as it is, with one. Passed from the batcher to the dispatcher; one
// owner at a time.
struct Parcel {
  using MessageCallback =
      std::function<void(const absl::StatusOr<PublishedMessage>&)>;
  using BatchCallback =
      std::function<void(const absl::StatusOr<PublishedBatch>&)>;

  size_t messages() const {
    return static_cast<size_t>(request.publish().messages_size());
  }
  bool whole() const { return on_batch != nullptr; }

  // Complete but for the correlation id, which each attempt gets anew.
  v1::PublishStreamRequest request;
  std::vector<MessageCallback> on_message;  // one for each, unless whole
  BatchCallback on_batch;
  std::vector<size_t> message_bytes;  // what each counts in the budget
  size_t bytes = 0;                   // their sum
  uint64_t generation = 0;            // for Flush
  SteadyTime deadline;
  size_t memory = 0;  // about what it keeps when it is stripped
};

// Makes up request ids: unique, because `prefix` is.
class RequestIds {
 public:
  explicit RequestIds(std::string prefix) : prefix_(std::move(prefix)) {}
  std::string Next();

 private:
  const std::string prefix_;
  uint64_t last_ = 0;
};

// What a message counts in the budget.
size_t BudgetBytes(const OutgoingMessage& message);

// Moves the message into a request.
void AddMessage(OutgoingMessage message, v1::PublishRequest* request);

// Gives message `index` of the request a dedup id made from the request id,
// unless it has one.
void AddDedupId(int index, v1::PublishRequest* request);

// Takes out of a parcel what is not to live on, while the request stays, for
// its memory is to be used again.
void Strip(Parcel* parcel);

// Tells everybody in the parcel how it ended. `node` and ids as answered.
void Answer(const Parcel& parcel,
            const absl::StatusOr<PublishedBatch>& published);

// The 3 of `messages[3].body`, as nodes name what is wrong; none otherwise.
absl::optional<int> MessageIndexOf(const std::string& field);

// Takes apart a parcel that a node refused for good: without its message at
// `refused`, or in halves where that is not known. Each part goes under a new
// request id. The message at `refused` is answered with `status`. Not for a
// whole batch, nor for a single message.
std::vector<std::unique_ptr<Parcel>> TakeApart(std::unique_ptr<Parcel> parcel,
                                               absl::optional<int> refused,
                                               const absl::Status& status,
                                               RequestIds* ids);

}  // namespace sluice

#endif  // SLUICE_CLIENT_PARCEL_H_
