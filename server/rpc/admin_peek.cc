// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// AdminService.PeekMessages.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/config_conversion.h"
#include "server/rpc/delivery_frame.h"

namespace sluice {
namespace {

constexpr uint32_t kDefaultLimit = 100;
constexpr uint32_t kMaxLimit = 1000;

absl::StatusOr<PeekSpec> FromWire(const v1::PeekMessagesRequest& request) {
  PeekSpec spec;
  spec.topic = request.topic();
  spec.channel = request.channel();
  spec.from = request.from_message_id();
  spec.limit = request.limit() == 0 ? kDefaultLimit
                                    : std::min(request.limit(), kMaxLimit);
  SLUICE_ASSIGN_OR_RETURN(spec.state,
                          sluice::FromWire("state", request.state()));
  return spec;
}

void ToWire(const PeekedMessage& peeked, bool of_channel,
            v1::PeekedMessage* wire) {
  const RecordBlock& block = *peeked.block;
  const absl::string_view body = block.body(peeked.index);
  wire->set_message_id(block.first_sequence() + peeked.index);
  wire->set_publish_time_unix_nano(
      static_cast<uint64_t>(block.publish_time_unix_nano()));
  wire->set_attempts(peeked.attempts);
  wire->set_body(body.data(), body.size());
  if (block.has_attributes()) {
    CopyAttributes(block, peeked.index, wire->mutable_attributes());
  }
  if (of_channel) wire->set_state(sluice::ToWire(peeked.state));
}

}  // namespace

void AdminService::PeekMessages(const v1::PeekMessagesRequest& request,
                                v1::PeekMessagesResponse* response,
                                UnaryDone done) {
  absl::StatusOr<PeekSpec> spec = FromWire(request);
  if (!spec.ok()) return done(spec.status());
  const bool of_channel = !spec->channel.empty();
  context_.broker.Peek(
      *std::move(spec),
      [response, of_channel, done = std::move(done)](
          absl::StatusOr<std::vector<PeekedMessage>> messages) {
        if (!messages.ok()) return done(messages.status());
        for (const PeekedMessage& message : *messages) {
          ToWire(message, of_channel, response->add_messages());
        }
        done(absl::OkStatus());
      });
}

}  // namespace sluice
