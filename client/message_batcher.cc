// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/message_batcher.h"

#include <iterator>
#include <utility>

#include "client/durability_conversion.h"

namespace sluice {
namespace {

// Parcels that are kept to be filled again.
constexpr size_t kMaxSpares = 64;
constexpr size_t kMaxSparesMemory = 4 << 20;

}  // namespace

void MessageBatcher::Reuse(std::unique_ptr<Parcel> parcel) {
  if (spares_.size() == kMaxSpares ||
      spares_memory_ + parcel->memory > kMaxSparesMemory) {
    return;
  }
  spares_memory_ += parcel->memory;
  spares_.push_back(std::move(parcel));
}

std::unique_ptr<Parcel> MessageBatcher::NewParcel(const std::string& topic,
                                                  std::string request_id,
                                                  SteadyTime now) {
  std::unique_ptr<Parcel> parcel;
  if (spares_.empty()) {
    parcel = std::make_unique<Parcel>();
  } else {
    parcel = std::move(spares_.back());
    spares_.pop_back();
    spares_memory_ -= parcel->memory;
    // Not the request itself: it would give the publish away with all messages.
    parcel->request.mutable_publish()->Clear();
    parcel->request.clear_correlation_id();
  }
  v1::PublishRequest& request = *parcel->request.mutable_publish();
  request.set_topic(topic);
  request.set_request_id(request_id.empty() ? ids_.Next()
                                            : std::move(request_id));
  request.set_durability(ToProto(options_.durability));
  parcel->generation = generation_;
  parcel->deadline = now + options_.publish_timeout;
  return parcel;
}

void MessageBatcher::SealTopic(const std::string& topic) {
  const auto found = open_.find(topic);
  if (found == open_.end()) return;
  sealed_.push_back(std::move(found->second.parcel));
  open_.erase(found);
}

void MessageBatcher::Add(const std::string& topic, OutgoingMessage message,
                         size_t bytes, Parcel::MessageCallback callback,
                         SteadyTime now) {
  const auto found = open_.find(topic);
  if (found != open_.end() &&
      found->second.parcel->bytes + bytes > options_.max_batch_bytes) {
    SealTopic(topic);
  }
  Open& open = open_[topic];
  if (open.parcel == nullptr) {
    open.parcel = NewParcel(topic, std::string(), now);
    open.since = now;
  }
  Parcel& parcel = *open.parcel;
  v1::PublishRequest& request = *parcel.request.mutable_publish();
  AddMessage(std::move(message), &request);
  if (add_dedup_ids_) AddDedupId(request.messages_size() - 1, &request);
  parcel.on_message.push_back(std::move(callback));
  parcel.message_bytes.push_back(bytes);
  parcel.bytes += bytes;
  if (parcel.messages() >= options_.max_batch_messages ||
      parcel.bytes >= options_.max_batch_bytes) {
    SealTopic(topic);
  }
}

void MessageBatcher::AddBatch(OutgoingBatch batch, size_t bytes,
                              Parcel::BatchCallback callback, SteadyTime now) {
  SealTopic(batch.topic);
  auto parcel = NewParcel(batch.topic, std::move(batch.request_id), now);
  v1::PublishRequest& request = *parcel->request.mutable_publish();
  if (batch.durability != PublishDurability::kTopicDefault) {
    request.set_durability(ToProto(batch.durability));
  }
  for (OutgoingMessage& message : batch.messages) {
    AddMessage(std::move(message), &request);
    if (add_dedup_ids_) AddDedupId(request.messages_size() - 1, &request);
  }
  parcel->on_batch = std::move(callback);
  parcel->bytes = bytes;
  sealed_.push_back(std::move(parcel));
}

uint64_t MessageBatcher::Seal() {
  for (auto& [topic, open] : open_) sealed_.push_back(std::move(open.parcel));
  open_.clear();
  return generation_++;
}

std::vector<std::unique_ptr<Parcel>> MessageBatcher::Take(SteadyTime now,
                                                          bool eager) {
  for (auto entry = open_.begin(); entry != open_.end();) {
    if (eager || entry->second.since + options_.linger <= now) {
      sealed_.push_back(std::move(entry->second.parcel));
      entry = open_.erase(entry);
    } else {
      ++entry;
    }
  }
  std::vector<std::unique_ptr<Parcel>> taken(
      std::make_move_iterator(sealed_.begin()),
      std::make_move_iterator(sealed_.end()));
  sealed_.clear();
  return taken;
}

SteadyTime MessageBatcher::due() const {
  SteadyTime due = SteadyTime::InfiniteFuture();
  for (const auto& [topic, open] : open_) {
    const SteadyTime at = open.since + options_.linger;
    if (at < due) due = at;
  }
  return due;
}

}  // namespace sluice
