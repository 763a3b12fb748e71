// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/open_conversion.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/error.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "rpc/time_conversion.h"
#include "server/rpc/config_conversion.h"
#include "server/rpc/refusals.h"

namespace sluice {
namespace {

absl::StatusOr<absl::Duration> CheckMessageTimeout(const v1::Open& open,
                                                   const Limits& limits) {
  constexpr char kField[] = "open.message_timeout";
  if (!open.has_message_timeout()) return limits.message_timeout;
  SLUICE_ASSIGN_OR_RETURN(const absl::Duration timeout,
                          FromWire(kField, open.message_timeout()));
  if (timeout < kMinMessageTimeout || timeout > limits.max_message_timeout) {
    return InvalidArgument(
        "INVALID_DURATION", kField,
        absl::StrCat(kField, " must be between ",
                     absl::FormatDuration(kMinMessageTimeout), " and ",
                     absl::FormatDuration(limits.max_message_timeout)));
  }
  return timeout;
}

// 0 and 100 both mean all.
absl::StatusOr<uint32_t> CheckSamplePercent(uint32_t percent) {
  constexpr char kField[] = "open.sample_percent";
  if (percent > 100) {
    return InvalidArgument("INVALID_SAMPLE_PERCENT", kField,
                           absl::StrCat(kField, " is above 100"));
  }
  return percent == 0 ? 100 : percent;
}

absl::Status CheckClientName(absl::string_view field, absl::string_view name) {
  if (name.size() <= kMaxClientNameBytes) return absl::OkStatus();
  return InvalidArgument(
      "INVALID_NAME", field,
      absl::StrCat(field, " has ", name.size(), " bytes; at most ",
                   kMaxClientNameBytes, " are allowed"));
}

}  // namespace

absl::Status CheckReady(absl::string_view field, uint32_t count,
                        const Limits& limits) {
  if (count <= limits.max_ready) return absl::OkStatus();
  return InvalidArgument("INVALID_READY", field,
                         absl::StrCat(field, " is ", count, "; at most ",
                                      limits.max_ready, " is allowed"));
}

absl::Status CheckDeliveryIds(absl::string_view field, int count,
                              const Limits& limits) {
  const size_t most = std::max<size_t>(kMaxDeliveryIds, limits.max_ready);
  if (static_cast<size_t>(count) <= most) return absl::OkStatus();
  return InvalidArgument("TOO_MANY_IDS", field,
                         absl::StrCat(field, " has ", count, " ids; at most ",
                                      most, " are allowed in a command"));
}

absl::StatusOr<OpenRequest> CheckOpen(const v1::Open& open,
                                      absl::string_view peer,
                                      const Limits& limits) {
  OpenRequest request;
  SLUICE_RETURN_IF_ERROR(ValidateName("open.topic", open.topic()));
  SLUICE_RETURN_IF_ERROR(ValidateName("open.channel", open.channel()));
  SLUICE_ASSIGN_OR_RETURN(request.spec.message_timeout,
                          CheckMessageTimeout(open, limits));
  SLUICE_ASSIGN_OR_RETURN(request.start, FromWire("open.start", open.start()));
  SLUICE_RETURN_IF_ERROR(CheckReady("open.ready", open.ready(), limits));
  SLUICE_ASSIGN_OR_RETURN(request.spec.sample_percent,
                          CheckSamplePercent(open.sample_percent()));
  SLUICE_RETURN_IF_ERROR(CheckClientName("open.client_id", open.client_id()));
  SLUICE_RETURN_IF_ERROR(CheckClientName("open.user_agent", open.user_agent()));
  request.spec.client_id = open.client_id();
  request.spec.peer = std::string(peer);
  request.spec.user_agent = open.user_agent();
  request.spec.auto_finish = open.auto_finish();
  request.ready = open.ready();
  request.confirm_commands = open.confirm_commands();
  return request;
}

void ToWire(const NodeIdentity& identity, const Limits& limits,
            const Subscription& subscription, absl::Duration message_timeout,
            v1::Opened* wire) {
  wire->set_server_version(identity.version);
  wire->set_node_id(identity.node_id);
  wire->set_subscription_id(subscription.id());
  ToWire(message_timeout, wire->mutable_message_timeout());
  ToWire(limits.max_message_timeout, wire->mutable_max_message_timeout());
  wire->set_max_ready(limits.max_ready);
  wire->set_max_message_bytes(limits.max_message_bytes);
  ToWire(limits.max_requeue_delay, wire->mutable_max_requeue_delay());
}

}  // namespace sluice
