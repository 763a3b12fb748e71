// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_MESSAGE_BATCHER_H_
#define SLUICE_CLIENT_MESSAGE_BATCHER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "client/parcel.h"
#include "client/producer_options.h"
#include "client/publication.h"

namespace sluice {

// Puts single messages together to parcels, by topic: up to a number of
// messages and bytes, and for no longer than the linger. A parcel that is
// sealed takes no more, and leaves with the next Take.
//
// Not thread-safe.
class MessageBatcher {
 public:
  // `options` outlives it. `add_dedup_ids` as decided for the nodes there are.
  MessageBatcher(const ProducerOptions& options, bool add_dedup_ids,
                 std::string id_prefix)
      : options_(options),
        add_dedup_ids_(add_dedup_ids),
        ids_(std::move(id_prefix)) {}

  void Add(const std::string& topic, OutgoingMessage message, size_t bytes,
           Parcel::MessageCallback callback, SteadyTime now);
  // As it is. Its topic's earlier messages leave before it.
  void AddBatch(OutgoingBatch batch, size_t bytes,
                Parcel::BatchCallback callback, SteadyTime now);

  // Takes a parcel that was stripped, to empty and fill it again where messages
  // are added, or drops it where there are enough: memory that one thread takes
  // and another gives back is dear.
  void Reuse(std::unique_ptr<Parcel> parcel);

  // Seals everything. What is added from now on is of the next generation.
  // Returns the generation that ended.
  uint64_t Seal();

  // What is sealed, and what has lingered; with `eager` all there is.
  std::vector<std::unique_ptr<Parcel>> Take(SteadyTime now, bool eager);

  // When Take will have something by time alone; far away if never.
  SteadyTime due() const;
  bool has_sealed() const { return !sealed_.empty(); }
  uint64_t generation() const { return generation_; }
  bool empty() const { return sealed_.empty() && open_.empty(); }

 private:
  struct Open {
    std::unique_ptr<Parcel> parcel;
    SteadyTime since;
  };

  std::unique_ptr<Parcel> NewParcel(const std::string& topic,
                                    std::string request_id, SteadyTime now);
  void SealTopic(const std::string& topic);

  const ProducerOptions& options_;
  const bool add_dedup_ids_;
  RequestIds ids_;
  uint64_t generation_ = 0;
  std::map<std::string, Open> open_;
  std::deque<std::unique_ptr<Parcel>> sealed_;
  std::vector<std::unique_ptr<Parcel>> spares_;
  size_t spares_memory_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_MESSAGE_BATCHER_H_
