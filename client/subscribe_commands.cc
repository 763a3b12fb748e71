// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/subscribe_commands.h"

#include "client/proto_duration.h"

namespace sluice {
namespace {

template <typename Command>
void MoveIds(std::vector<uint64_t>* ids, Command* command) {
  command->mutable_delivery_ids()->Add(ids->begin(), ids->end());
  ids->clear();
}

}  // namespace

void SubscribeCommands::SetReady(uint32_t count, uint64_t bytes) {
  ready_.emplace(count, bytes);
}

void SubscribeCommands::Requeue(uint64_t delivery_id, absl::Duration delay,
                                bool keep_attempts) {
  requeue_[{delay, keep_attempts}].push_back(delivery_id);
}

bool SubscribeCommands::Next(v1::SubscribeRequest* request) {
  request->Clear();
  if (ready_.has_value()) {
    request->mutable_ready()->set_count(ready_->first);
    request->mutable_ready()->set_bytes(ready_->second);
    ready_.reset();
  } else if (close_) {
    request->mutable_close();
    close_ = false;
  } else if (!finish_.empty()) {
    MoveIds(&finish_, request->mutable_finish());
  } else if (!requeue_.empty()) {
    const auto first = requeue_.begin();
    v1::Requeue& requeue = *request->mutable_requeue();
    *requeue.mutable_delay() = ToProto(first->first.first);
    requeue.set_keep_attempts(first->first.second);
    MoveIds(&first->second, &requeue);
    requeue_.erase(first);
  } else if (!touch_.empty()) {
    MoveIds(&touch_, request->mutable_touch());
  } else {
    return false;
  }
  return true;
}

}  // namespace sluice
