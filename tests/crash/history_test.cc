// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/history.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

TEST(HistoryBody, TellsItsKeyAndNoticesAnyOtherByte) {
  for (uint64_t key : {0u, 1u, 77u, 1'000'000'007u}) {
    std::string body = BodyOf(key);
    EXPECT_EQ(KeyOf(body), key);
    EXPECT_EQ(KeyOf(body + "x"), absl::nullopt);
    body.back() = static_cast<char>(body.back() ^ 1);
    EXPECT_EQ(KeyOf(body), absl::nullopt);
  }
  EXPECT_EQ(KeyOf(""), absl::nullopt);
}

TEST(History, AcceptsWhatIsDeliveredAndFinished) {
  History history;
  history.Acknowledged(5, 1);
  history.Delivered(1, BodyOf(5), kStart);
  history.Delivered(1, BodyOf(5), kStart + absl::Seconds(1));
  history.Finished(1, kStart + absl::Seconds(2));
  EXPECT_THAT(history.Violations(), IsEmpty());
}

TEST(History, AcceptsWhatWasNeverAcknowledged) {
  History history;
  history.Delivered(1, BodyOf(5), kStart);
  EXPECT_THAT(history.Violations(), IsEmpty());
}

TEST(History, NoticesALostMessage) {
  History history;
  history.Acknowledged(5, 1);
  EXPECT_THAT(history.Violations(), ElementsAre(HasSubstr("lost")));
}

TEST(History, NoticesOtherBytes) {
  History history;
  history.Delivered(1, "5:nonsense", kStart);
  EXPECT_THAT(history.Violations(), ElementsAre(HasSubstr("other bytes")));
}

TEST(History, NoticesAnIdThatIsUsedTwice) {
  History history;
  history.Delivered(1, BodyOf(5), kStart);
  history.Acknowledged(6, 1);
  EXPECT_THAT(history.Violations(), ElementsAre(HasSubstr("stands for")));
}

TEST(History, NoticesAMessageThatWasStoredTwice) {
  History history;
  history.Delivered(1, BodyOf(5), kStart);
  history.Delivered(2, BodyOf(5), kStart);
  EXPECT_THAT(history.Violations(), ElementsAre(HasSubstr("twice")));
}

TEST(History, NoticesAFinishedMessageThatComesAgain) {
  History history;
  history.Delivered(1, BodyOf(5), kStart);
  history.Finished(1, kStart + absl::Seconds(1));
  // Too late to explain it.
  history.Killed(kStart + absl::Seconds(5));
  history.Delivered(1, BodyOf(5), kStart + absl::Seconds(6));
  EXPECT_THAT(history.Violations(), ElementsAre(HasSubstr("came again")));
}

TEST(History, ExcusesAFinishOfACrashsLastSecond) {
  History history;
  history.Delivered(1, BodyOf(5), kStart);
  history.Finished(1, kStart + absl::Seconds(1));
  history.Killed(kStart + absl::Milliseconds(1900));
  history.Delivered(1, BodyOf(5), kStart + absl::Seconds(6));
  EXPECT_THAT(history.Violations(), IsEmpty());
}

}  // namespace
}  // namespace sluice
