// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/producer_options.h"

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(ProducerOptions, TheDefaultsAreFine) {
  EXPECT_TRUE(ValidateProducerOptions(ProducerOptions()).ok());
}

TEST(ProducerOptions, NameTheOneThatIsOutOfRange) {
  using Change = std::function<void(ProducerOptions*)>;
  struct Case {
    std::string option;
    Change change;
  };
  const absl::Duration below = absl::Seconds(-1);
  const std::vector<Case> cases = {
      {"copies", [](ProducerOptions* o) { o->copies = 0; }},
      {"copies", [](ProducerOptions* o) { o->copies = 9; }},
      {"required_copies", [](ProducerOptions* o) { o->required_copies = 2; }},
      {"publish_timeout",
       [](ProducerOptions* o) { o->publish_timeout = absl::ZeroDuration(); }},
      {"answer_timeout",
       [](ProducerOptions* o) { o->answer_timeout = absl::ZeroDuration(); }},
      {"same_node_patience",
       [=](ProducerOptions* o) { o->same_node_patience = below; }},
      {"linger", [=](ProducerOptions* o) { o->linger = below; }},
      {"max_batch_messages",
       [](ProducerOptions* o) { o->max_batch_messages = 0; }},
      {"max_batch_bytes", [](ProducerOptions* o) { o->max_batch_bytes = 0; }},
      {"max_in_flight_messages",
       [](ProducerOptions* o) { o->max_in_flight_messages = 0; }},
      {"max_in_flight_bytes",
       [](ProducerOptions* o) { o->max_in_flight_bytes = 0; }},
  };
  for (const Case& one : cases) {
    ProducerOptions options;
    one.change(&options);
    EXPECT_EQ(ErrorField(ValidateProducerOptions(options)), one.option);
  }
}

}  // namespace
}  // namespace sluice
