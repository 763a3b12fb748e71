// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/tail.h"

#include <memory>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/consumption.h"

namespace sluice {
namespace {

struct TailFlags {
  std::string topic;
  ConsumptionFlags consumption;
};

// Of its own, so that two tails both see everything. The name is NSQ's.
std::string EphemeralChannel() {
  std::random_device random;
  return absl::StrFormat("tail%06d#ephemeral", random() % 1000000);
}

ExitCode RunTail(const TailFlags& flags, const Settings& settings) {
  SubscriptionOptions subscription;
  v1::Open& open = subscription.open;
  open.set_topic(flags.topic);
  open.set_channel(EphemeralChannel());
  open.set_start(v1::START_POSITION_LATEST);
  open.set_auto_finish(true);
  open.set_ready(1);
  return RunConsumption(flags.consumption, subscription,
                        absl::StrCat("from ", flags.topic), settings);
}

}  // namespace

void AddTail(Command root, const Settings& settings) {
  const auto flags = std::make_shared<TailFlags>();
  Command tail =
      root.AddCommand("tail", "Show what is published to a topic from now on");
  tail.AddDetails(
      "Reads from a channel of its own: nobody gets less because "
      "of it.");
  tail.AddArgument("TOPIC", "The topic; made if it does not exist",
                   Into(&flags->topic));
  AddConsumptionFlags(tail, &flags->consumption);
  tail.AddExample("sluice tail greetings");
  tail.AddExample("sluice tail greetings -n 1 --timeout=10s");
  tail.Run([flags, &settings] { return RunTail(*flags, settings); });
}

}  // namespace sluice
