// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/publish_batch.h"

#include <utility>

#include "client/proto_duration.h"

namespace sluice {

PublishBatch::PublishBatch(std::string topic, v1::Durability durability,
                           const std::map<std::string, std::string>& attributes,
                           absl::Duration delay, Limits limits)
    : topic_(std::move(topic)), durability_(durability), limits_(limits) {
  shape_.mutable_attributes()->insert(attributes.begin(), attributes.end());
  if (delay != absl::ZeroDuration()) {
    *shape_.mutable_delay() = ToProto(delay);
  }
}

bool PublishBatch::HasRoomFor(size_t bytes) const {
  if (records_.empty()) return true;
  return records_.size() < limits_.messages && bytes_ + bytes <= limits_.bytes;
}

void PublishBatch::Add(absl::string_view body, uint64_t record) {
  v1::Message* message = request_.add_messages();
  *message = shape_;
  message->set_body(body.data(), body.size());
  records_.push_back(record);
  bytes_ += body.size();
}

std::vector<uint64_t> PublishBatch::TakeRecords() {
  return std::exchange(records_, {});
}

v1::PublishRequest PublishBatch::TakeRequest() {
  request_.set_topic(topic_);
  request_.set_durability(durability_);
  bytes_ = 0;
  return std::exchange(request_, {});
}

}  // namespace sluice
