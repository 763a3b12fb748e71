// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/error_text.h"

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(ErrorText, PutsTheReasonBehindTheSentence) {
  EXPECT_EQ(ErrorText(MakeError(absl::StatusCode::kNotFound, "TOPIC_NOT_FOUND",
                                "topic \"x\" does not exist")),
            "topic \"x\" does not exist [TOPIC_NOT_FOUND]");
}

TEST(ErrorText, IsTheSentenceAloneWithoutAReason) {
  EXPECT_EQ(ErrorText(absl::UnavailableError("no answer")), "no answer");
}

TEST(ErrorText, NamesTheCodeWhenThereIsNoSentence) {
  EXPECT_EQ(ErrorText(absl::InternalError("")), "INTERNAL");
}

TEST(ErrorText, IsOneLineThatATerminalDoesNotActOn) {
  EXPECT_EQ(ErrorText(absl::InternalError("a\nb\x1b[2Jc\x7f")), "a b [2Jc ");
}

TEST(NodeErrorText, NamesTheNodeOnce) {
  EXPECT_EQ(NodeErrorText("a:1", absl::UnavailableError("draining")),
            "a:1: draining");
  EXPECT_EQ(
      NodeErrorText("a:1", absl::UnavailableError("no connection to a:1")),
      "no connection to a:1");
}

TEST(ErrorText, LeavesUtf8Alone) {
  EXPECT_EQ(ErrorText(absl::InternalError("Gr\xc3\xbc\xc3\x9f"
                                          "e")),
            "Gr\xc3\xbc\xc3\x9f"
            "e");
}

}  // namespace
}  // namespace sluice
