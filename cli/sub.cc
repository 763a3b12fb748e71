// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/sub.h"

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/consumption.h"
#include "cli/flag_value.h"
#include "client/proto_duration.h"

namespace sluice {
namespace {

struct SubFlags {
  ConsumptionFlags consumption;
  SubscriptionOptions subscription;
  std::optional<absl::Duration> message_timeout;
};

ExitCode RunSub(SubFlags flags, const Settings& settings) {
  v1::Open& open = flags.subscription.open;
  if (flags.message_timeout.has_value()) {
    *open.mutable_message_timeout() = ToProto(*flags.message_timeout);
  }
  const std::string place =
      absl::StrCat("from ", open.topic(), "/", open.channel());
  return RunConsumption(flags.consumption, flags.subscription, place, settings);
}

}  // namespace

void AddSub(Command root, const Settings& settings) {
  const auto flags = std::make_shared<SubFlags>();
  SubscriptionOptions& subscription = flags->subscription;
  Command sub = root.AddCommand("sub", "Consume messages of a channel");
  sub.AddDetails(
      "Writes each message to standard output, then finishes it. Goes on\n"
      "until interrupted, or until -n or --timeout is reached; the latter\n"
      "exits with 4. With several nodes, or lookups, JSON lines name the\n"
      "node, whose own the message ids are.");
  sub.AddArgument("TOPIC", "The topic; made if it does not exist",
                  Into(subscription.open.mutable_topic()));
  sub.AddArgument("CHANNEL", "The channel; made if it does not exist",
                  Into(subscription.open.mutable_channel()));
  AddConsumptionFlags(sub, &flags->consumption);
  sub.AddSwitch("--requeue",
                "Give the messages back at the end instead of finishing them; "
                "it counts as an attempt",
                &subscription.requeue);
  sub.AddFlag("--rdy", "N", "Hold at most N messages at once [2500]",
              Into(&subscription.ready, ParsePositiveUint32));
  sub.AddFlag("--msg-timeout", "D",
              "Messages not finished in this time come again [the node's]",
              Into(&flags->message_timeout, ParseDuration));
  sub.AddFlag("--start", "earliest|latest",
              "Where a channel that is new begins: earliest or latest",
              [flags](const std::string& text) {
                const auto start = ParseStartPosition(text);
                if (start.ok()) flags->subscription.open.set_start(*start);
                return start.status();
              });
  sub.AddExample("sluice sub greetings archive -n 10");
  sub.AddExample("sluice sub greetings archive --output=jsonl | jq .messageId");
  sub.AddExample("sluice sub files work --null | xargs -0 -n1 ls -l");
  sub.Run([flags, &settings] { return RunSub(*flags, settings); });
}

}  // namespace sluice
