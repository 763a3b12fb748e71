// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/delivery_frame.h"

#include <string>

#include "absl/strings/string_view.h"
#include "server/rpc/reuse.h"

namespace sluice {
namespace {

// Returns the bytes that the message brought with it.
size_t FillDelivery(const DeliveryRun& run, uint32_t i,
                    v1::Delivery* delivery) {
  const RecordBlock& block = *run.block;
  const uint32_t index = run.first_index + i;
  const absl::string_view body = block.body(index);
  delivery->set_delivery_id(run.first_delivery_id + i);
  delivery->set_message_id(block.first_sequence() + index);
  delivery->set_publish_time_unix_nano(
      static_cast<uint64_t>(block.publish_time_unix_nano()));
  delivery->set_attempts(run.attempts);
  delivery->set_body(body.data(), body.size());
  if (!block.has_attributes()) return body.size();
  return body.size() +
         CopyAttributes(block, index, delivery->mutable_attributes());
}

}  // namespace

size_t CopyAttributes(const RecordBlock& block, uint32_t index,
                      google::protobuf::Map<std::string, std::string>* wire) {
  size_t bytes = 0;
  for (const AttributeView& attribute : block.attributes(index)) {
    (*wire)[std::string(attribute.key)] = std::string(attribute.value);
    bytes += attribute.key.size() + attribute.value.size();
  }
  return bytes;
}

std::vector<DeliveryRun>* TakenMessages::Refill() {
  runs_.clear();
  next_run_ = 0;
  next_in_run_ = 0;
  return &runs_;
}

void TakenMessages::FillFrame(v1::Deliveries* deliveries, size_t max_bytes) {
  size_t bytes = 0;
  while (next_run_ < runs_.size()) {
    const DeliveryRun& run = runs_[next_run_];
    while (next_in_run_ < run.count) {
      if (bytes >= max_bytes) return;
      bytes += FillDelivery(run, next_in_run_, deliveries->add_deliveries());
      ++next_in_run_;
    }
    ++next_run_;
    next_in_run_ = 0;
  }
  runs_.clear();  // lets go of the blocks
  next_run_ = 0;
}

void ReleaseFrame(v1::Deliveries* deliveries) {
  bool keep = deliveries->deliveries_size() <= kMaxReusedMessages;
  for (int i = 0; keep && i < deliveries->deliveries_size(); ++i) {
    keep = deliveries->deliveries(i).body().size() <= kMaxReusedBodyBytes;
  }
  if (keep) {
    deliveries->mutable_deliveries()->Clear();
  } else {
    *deliveries = v1::Deliveries();
  }
}

}  // namespace sluice
