// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/names.h"

#include <string>

#include "absl/status/status.h"
#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(Names, AcceptsWhatNsqAccepts) {
  for (const std::string& name :
       {std::string("a"), std::string("orders.EU_1-new"),
        std::string("orders#ephemeral"), std::string(64, 'x'),
        std::string(54, 'x') + "#ephemeral"}) {
    EXPECT_TRUE(ValidateName("topic", name).ok()) << name;
  }
}

TEST(Names, RefusesWhatNsqRefuses) {
  for (const std::string& name :
       {std::string(), std::string("#ephemeral"), std::string("a b"),
        std::string("a#ephemeral#ephemeral"), std::string("a#other"),
        std::string("caf\xc3\xa9"), std::string("a\0b", 3),
        std::string(65, 'x'), std::string(55, 'x') + "#ephemeral"}) {
    const absl::Status status = ValidateName("topic", name);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_EQ(ErrorReason(status), "INVALID_NAME") << name;
    EXPECT_EQ(ErrorField(status), "topic") << name;
  }
}

TEST(Names, PrintsBadCharactersEscaped) {
  EXPECT_NE(ValidateName("channel", "a\nb").message().find("a\\nb"),
            absl::string_view::npos);
}

TEST(Names, KnowsEphemeralNamesByTheirEnding) {
  EXPECT_TRUE(IsEphemeralName("orders#ephemeral"));
  EXPECT_FALSE(IsEphemeralName("orders"));
  EXPECT_FALSE(IsEphemeralName("orders#ephemeral2"));
}

}  // namespace
}  // namespace sluice
