// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/publish_batch.h"

#include <algorithm>
#include <utility>

namespace sluice {

PublishBatch::PublishBatch(std::string topic, PublishDurability durability,
                           std::map<std::string, std::string> attributes,
                           absl::Duration delay, Limits limits)
    : topic_(std::move(topic)),
      durability_(durability),
      limits_(limits),
      attributes_(std::move(attributes)),
      delay_(delay) {}

bool PublishBatch::HasRoomFor(size_t bytes) const {
  if (records_.empty()) return true;
  return records_.size() < limits_.messages && bytes_ + bytes <= limits_.bytes;
}

void PublishBatch::Add(absl::string_view body, uint64_t record) {
  if (messages_.empty()) messages_.reserve(std::min(limits_.messages, 1000u));
  OutgoingMessage& message = messages_.emplace_back();
  message.body.assign(body.data(), body.size());
  if (!attributes_.empty()) message.attributes = attributes_;
  message.delay = delay_;
  records_.push_back(record);
  bytes_ += body.size();
}

std::vector<uint64_t> PublishBatch::TakeRecords() {
  return std::exchange(records_, {});
}

OutgoingBatch PublishBatch::TakeBatch() {
  OutgoingBatch batch;
  batch.topic = topic_;
  batch.durability = durability_;
  batch.messages = std::exchange(messages_, {});
  bytes_ = 0;
  return batch;
}

}  // namespace sluice
