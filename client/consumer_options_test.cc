// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/consumer_options.h"

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

ConsumerOptions Named() {
  ConsumerOptions options;
  options.topic = "t";
  options.channel = "c#ephemeral";
  return options;
}

TEST(ConsumerOptions, NeedNothingButNames) {
  EXPECT_TRUE(ValidateConsumerOptions(Named()).ok());
  EXPECT_EQ(ErrorField(ValidateConsumerOptions(ConsumerOptions())), "topic");
}

TEST(ConsumerOptions, NameTheOneThatIsOutOfRange) {
  using Change = std::function<void(ConsumerOptions*)>;
  struct Case {
    std::string option;
    Change change;
  };
  const absl::Duration below = absl::Seconds(-1);
  const std::vector<Case> cases = {
      {"topic", [](ConsumerOptions* o) { o->topic = "a b"; }},
      {"channel", [](ConsumerOptions* o) { o->channel = ""; }},
      {"message_timeout",
       [](ConsumerOptions* o) { o->message_timeout = absl::Milliseconds(9); }},
      {"sample_percent", [](ConsumerOptions* o) { o->sample_percent = 101; }},
      {"default_requeue_delay",
       [=](ConsumerOptions* o) { o->default_requeue_delay = below; }},
      {"max_requeue_delay",
       [=](ConsumerOptions* o) { o->max_requeue_delay = below; }},
      {"backoff_base",
       [](ConsumerOptions* o) { o->backoff_base = absl::ZeroDuration(); }},
      {"idle_after",
       [](ConsumerOptions* o) { o->idle_after = absl::ZeroDuration(); }},
      {"workers", [](ConsumerOptions* o) { o->workers = 0; }},
      {"workers", [](ConsumerOptions* o) { o->workers = 1001; }},
      {"max_in_flight_bytes",
       [](ConsumerOptions* o) { o->max_in_flight_bytes = 0; }},
      {"dedup_window_duration",
       [](ConsumerOptions* o) {
         o->dedup_window = 1;
         o->dedup_window_duration = absl::ZeroDuration();
       }},
      // Messages would be lost in silence.
      {"on_give_up", [](ConsumerOptions* o) { o->max_attempts = 5; }},
  };
  for (const Case& one : cases) {
    ConsumerOptions options = Named();
    one.change(&options);
    EXPECT_EQ(ErrorField(ValidateConsumerOptions(options)), one.option);
  }
}

TEST(ConsumerOptions, WithoutBackingOffNoBaseIsNeeded) {
  ConsumerOptions options = Named();
  options.max_backoff = absl::ZeroDuration();
  options.backoff_base = absl::ZeroDuration();
  EXPECT_TRUE(ValidateConsumerOptions(options).ok());
}

}  // namespace
}  // namespace sluice
