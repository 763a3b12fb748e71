// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/peek.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cli/admin_client.h"
#include "cli/config_text.h"
#include "cli/connection.h"
#include "cli/error_text.h"
#include "cli/flag_value.h"
#include "cli/listing.h"
#include "cli/node_choice.h"

namespace sluice {
namespace {

// What one answer holds at most.
constexpr uint64_t kPage = 1000;

// Bytes of a body that a table shows.
constexpr size_t kPreviewBytes = 60;

struct PeekFlags {
  v1::PeekMessagesRequest request;
  uint64_t count = 100;
};

absl::StatusOr<v1::MessageState> ParseState(absl::string_view text) {
  if (text == "ready") return v1::MESSAGE_STATE_READY;
  if (text == "in-flight") return v1::MESSAGE_STATE_IN_FLIGHT;
  if (text == "deferred") return v1::MESSAGE_STATE_DEFERRED;
  return absl::InvalidArgumentError("wanted is ready, in-flight or deferred");
}

// Safe on a terminal, whatever the bytes.
std::string Preview(const std::string& body) {
  if (body.size() <= kPreviewBytes) return absl::Utf8SafeCEscape(body);
  return absl::StrCat(absl::Utf8SafeCEscape(body.substr(0, kPreviewBytes)),
                      "...");
}

// Answers are cut, so it takes several to get many or large messages.
absl::StatusOr<v1::PeekMessagesResponse> PeekAll(const AdminClient& admin,
                                                 PeekFlags flags) {
  v1::PeekMessagesResponse all;
  while (flags.count > 0) {
    flags.request.set_limit(
        static_cast<uint32_t>(std::min(flags.count, kPage)));
    SLUICE_ASSIGN_OR_RETURN(const v1::PeekMessagesResponse page,
                            admin.Call(flags.request));
    if (page.messages().empty()) break;
    all.mutable_messages()->MergeFrom(page.messages());
    const auto got = static_cast<uint64_t>(page.messages_size());
    flags.count -= std::min(flags.count, got);
    flags.request.set_from_message_id(page.messages().rbegin()->message_id() +
                                      1);
  }
  return all;
}

Table MessageTable(const v1::PeekMessagesResponse& response) {
  constexpr auto kRight = Table::Align::kRight;
  Table table({{"ID", kRight},
               {"PUBLISHED"},
               {"STATE"},
               {"ATTEMPTS", kRight},
               {"SIZE", kRight},
               {"BODY"}});
  for (const v1::PeekedMessage& message : response.messages()) {
    const absl::Time time = absl::FromUnixNanos(
        static_cast<int64_t>(message.publish_time_unix_nano()));
    table.AddRow({absl::StrCat(message.message_id()), TimeText(time),
                  MessageStateText(message.state()),
                  CountText(message.attempts(), OutputNumberStyle()),
                  BytesText(message.body().size(), OutputNumberStyle()),
                  Preview(message.body())});
  }
  return table;
}

ExitCode RunPeek(const PeekFlags& flags, const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const auto node = OnlyNode(settings);
  if (!node.ok()) return ReportStatus(node.status());
  const Connection connection(*node, settings);
  const auto response = PeekAll(AdminClient(connection), flags);
  if (!response.ok()) return ReportStatus(response.status());
  Listing listing{&*response, {}, MessageTable(*response)};
  for (const v1::PeekedMessage& message : response->messages()) {
    listing.items.push_back(&message);
  }
  return PrintListing(listing, *format);
}

}  // namespace

void AddPeek(Command root, const Settings& settings) {
  const auto flags = std::make_shared<PeekFlags>();
  v1::PeekMessagesRequest* request = &flags->request;
  Command peek = root.AddCommand("peek", "Show messages without taking them");
  peek.AddDetails(
      "Shows the unfinished messages of a channel, or without one "
      "all that the topic keeps. Looks at one node.");
  peek.AddArgument("TOPIC", "The topic", Into(request->mutable_topic()));
  peek.AddOptionalArgument("CHANNEL", "The channel",
                           Into(request->mutable_channel()));
  peek.AddFlag("-n,--count", "N", "At most N messages [100]",
               Into(&flags->count, ParseUint64));
  peek.AddFlag("--from", "ID", "Begin with this message id [the oldest]",
               [request](const std::string& text) {
                 const auto id = ParseUint64(text);
                 if (id.ok()) request->set_from_message_id(*id);
                 return id.status();
               });
  peek.AddFlag("--state", "ready|in-flight|deferred",
               "Only ready, in-flight or deferred messages of the channel",
               [request](const std::string& text) {
                 const auto state = ParseState(text);
                 if (state.ok()) request->set_state(*state);
                 return state.status();
               });
  peek.AddExample("sluice peek greetings archive -n 5");
  peek.Run([flags, &settings] { return RunPeek(*flags, settings); });
}

}  // namespace sluice
