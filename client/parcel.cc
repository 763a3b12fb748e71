// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/parcel.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "client/proto_duration.h"

namespace sluice {
namespace {

void MoveMessage(Parcel* from, int index, Parcel* to) {
  const auto i = static_cast<size_t>(index);
  *to->request.mutable_publish()->add_messages() =
      std::move(*from->request.mutable_publish()->mutable_messages(index));
  to->on_message.push_back(std::move(from->on_message[i]));
  to->message_bytes.push_back(from->message_bytes[i]);
  to->bytes += from->message_bytes[i];
}

std::unique_ptr<Parcel> EmptyLike(const Parcel& parcel, RequestIds* ids) {
  auto part = std::make_unique<Parcel>();
  v1::PublishRequest& request = *part->request.mutable_publish();
  request.set_topic(parcel.request.publish().topic());
  request.set_durability(parcel.request.publish().durability());
  request.set_request_id(ids->Next());
  part->generation = parcel.generation;
  part->deadline = parcel.deadline;
  return part;
}

}  // namespace

std::string RequestIds::Next() {
  return absl::StrCat(prefix_, "-", absl::Hex(++last_));
}

size_t BudgetBytes(const OutgoingMessage& message) {
  // A message without anything in it takes memory too.
  constexpr size_t kOverhead = 64;
  size_t bytes = kOverhead + message.body.size();
  for (const auto& [key, value] : message.attributes) {
    bytes += key.size() + value.size();
  }
  return bytes;
}

void AddMessage(OutgoingMessage message, v1::PublishRequest* request) {
  v1::Message& added = *request->add_messages();
  added.set_body(std::move(message.body));
  for (auto& [key, value] : message.attributes) {
    (*added.mutable_attributes())[key] = std::move(value);
  }
  if (message.delay != absl::ZeroDuration()) {
    *added.mutable_delay() = ToProto(message.delay);
  }
}

void AddDedupId(int index, v1::PublishRequest* request) {
  auto& attributes = *request->mutable_messages(index)->mutable_attributes();
  std::string& id = attributes[kDedupIdAttribute];
  if (id.empty()) id = absl::StrCat(request->request_id(), "-", index);
}

void Strip(Parcel* parcel) {
  parcel->on_message.clear();
  parcel->on_batch = nullptr;
  parcel->message_bytes.clear();
  parcel->memory = std::max(parcel->memory, parcel->bytes);
  parcel->bytes = 0;
}

void Answer(const Parcel& parcel,
            const absl::StatusOr<PublishedBatch>& published) {
  if (parcel.whole()) {
    parcel.on_batch(published);
    return;
  }
  uint64_t id = published.ok() ? published->first_message_id : 0;
  for (const Parcel::MessageCallback& callback : parcel.on_message) {
    if (callback == nullptr) {
      ++id;
    } else if (published.ok()) {
      callback(PublishedMessage{published->node, id++, published->durability,
                                published->copies});
    } else {
      callback(published.status());
    }
  }
}

absl::optional<int> MessageIndexOf(const std::string& field) {
  absl::string_view text = field;
  int index = 0;
  if (!absl::ConsumePrefix(&text, "messages[") ||
      !absl::SimpleAtoi(text.substr(0, text.find(']')), &index)) {
    return absl::nullopt;
  }
  return index;
}

std::vector<std::unique_ptr<Parcel>> TakeApart(std::unique_ptr<Parcel> parcel,
                                               absl::optional<int> refused,
                                               const absl::Status& status,
                                               RequestIds* ids) {
  const auto count = static_cast<int>(parcel->messages());
  std::vector<std::unique_ptr<Parcel>> parts;
  parts.push_back(EmptyLike(*parcel, ids));
  if (refused.has_value() && *refused >= 0 && *refused < count) {
    for (int i = 0; i < count; ++i) {
      if (i != *refused) MoveMessage(parcel.get(), i, parts[0].get());
    }
    const auto& callback = parcel->on_message[static_cast<size_t>(*refused)];
    if (callback != nullptr) callback(status);
    return parts;
  }
  parts.push_back(EmptyLike(*parcel, ids));
  for (int i = 0; i < count; ++i) {
    MoveMessage(parcel.get(), i, parts[i < count / 2 ? 0 : 1].get());
  }
  return parts;
}

}  // namespace sluice
