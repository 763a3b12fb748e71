// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/judge.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using Kind = Event::Kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A history told in milliseconds, of one channel.
class JudgeTest : public testing::Test {
 protected:
  void Add(int at, Kind kind, Event event = {},
           const std::string& channel = "c") {
    event.kind = kind;
    event.when = absl::UnixEpoch() + absl::Milliseconds(at);
    event.channel = channel;
    events_.push_back(std::move(event));
  }
  static Event Message(uint64_t key, uint64_t id = 0) {
    Event event;
    event.key = key;
    event.message_id = id;
    return event;
  }
  // Delivery ids are those of the message and the attempt.
  static Event Lease(uint64_t key, uint32_t attempts, uint64_t client = 1) {
    Event event = Message(key, key);
    event.client = client;
    event.attempts = attempts;
    event.delivery_id = key * 100 + attempts;
    return event;
  }
  void Ready(uint64_t client, uint64_t count) {
    Event event;
    event.client = client;
    event.count = count;
    Add(0, Kind::kReady, event);
  }
  void Publish(int at, uint64_t key) {
    Add(at, Kind::kPublishInvoked, Message(key));
    Add(at + 1, Kind::kPublishOk, Message(key, key));
  }
  void Finish(int at, uint64_t key, uint32_t attempts, uint64_t client = 1) {
    Add(at, Kind::kFinishSent, Lease(key, attempts, client));
    Add(at + 1, Kind::kFinishOk, Lease(key, attempts, client));
  }
  // `id` is the dead letter's own.
  void Letter(int at, uint64_t key, uint64_t id, uint32_t attempts = 2,
              uint64_t client = 9) {
    Event event = Message(key, id);
    event.client = client;
    event.attempts = 1;
    event.delivery_id = 9000 + id;
    event.origin_id = key;
    event.origin_attempts = attempts;
    Add(at, Kind::kDelivered, event, "letters");
  }
  std::vector<std::string> Violations() {
    options_.channels = {"c"};
    return Judge(events_, options_).violations;
  }

  JudgeOptions options_;
  std::vector<Event> events_;
};

TEST_F(JudgeTest, AcceptsWhatIsDeliveredAndFinished) {
  Ready(1, 1);
  Publish(10, 5);
  Add(20, Kind::kDelivered, Lease(5, 1));
  Finish(30, 5, 1);
  Event counted;
  Add(40, Kind::kCounted, counted);
  EXPECT_THAT(Violations(), IsEmpty());
}

TEST_F(JudgeTest, AnUnknownPublishMayComeOrNot) {
  Ready(1, 1);
  Add(10, Kind::kPublishInvoked, Message(5));
  Add(10, Kind::kPublishInvoked, Message(6));
  Add(20, Kind::kDelivered, Lease(5, 1));
  EXPECT_THAT(Violations(), IsEmpty());
}

TEST_F(JudgeTest, ARetriedRequestIsStoredOnce) {
  Add(10, Kind::kPublishInvoked, Message(5));
  Add(20, Kind::kPublishInvoked, Message(5));
  Add(21, Kind::kPublishOk, Message(5, 1));
  Add(22, Kind::kPublishOk, Message(5, 2));
  EXPECT_THAT(Violations(),
              ElementsAre(HasSubstr("stored twice"), HasSubstr("lost")));
}

TEST_F(JudgeTest, NoticesALostMessage) {
  Publish(10, 5);
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("lost: message 5")));
}

TEST_F(JudgeTest, NoticesWhatNobodyPublished) {
  Ready(1, 1);
  Add(20, Kind::kDelivered, Lease(5, 1));
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("not published")));
}

TEST_F(JudgeTest, ACrashExplainsAFinishOfItsLastSecondOnly) {
  for (const int killed_at : {900, 5000}) {
    events_.clear();
    Ready(1, 1);
    Publish(10, 5);
    Add(20, Kind::kDelivered, Lease(5, 1));
    Finish(30, 5, 1);
    Add(killed_at, Kind::kKilled);
    Add(killed_at, Kind::kRestarted);
    Ready(2, 1);
    Add(killed_at + 100, Kind::kDelivered, Lease(5, 2, 2));
    if (killed_at == 900) {
      EXPECT_THAT(Violations(), IsEmpty());
      EXPECT_EQ(Judge(events_, options_).longest_unsaved,
                absl::Milliseconds(900 - 31));
    } else {
      EXPECT_THAT(Violations(), ElementsAre(HasSubstr("finished and")));
    }
  }
}

TEST_F(JudgeTest, AFinishThatADyingNodeAnswersMayBeForgotten) {
  Ready(1, 1);
  Publish(10, 5);
  Add(20, Kind::kDelivered, Lease(5, 1));
  Add(29, Kind::kKilled);  // noted, and done a little later
  Finish(30, 5, 1);
  Ready(2, 1);
  Add(500, Kind::kDelivered, Lease(5, 1, 2));
  EXPECT_THAT(Violations(), IsEmpty());
  Add(510, Kind::kRequeueSent, Lease(5, 1, 2));
  Add(520, Kind::kDelivered, Lease(5, 2, 2));
  EXPECT_THAT(Violations(), IsEmpty());
}

TEST_F(JudgeTest, AFinishIsNeverForgottenWithinOneLife) {
  Ready(1, 1);
  Publish(10, 5);
  Add(20, Kind::kDelivered, Lease(5, 1));
  Finish(30, 5, 1);
  Add(100, Kind::kDelivered, Lease(5, 2));
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("finished and")));
}

TEST_F(JudgeTest, ACrashMayForgetAttemptsOfItsLastSecondOnly) {
  for (const int killed_at : {900, 5000}) {
    events_.clear();
    Ready(1, 1);
    Publish(10, 5);
    Add(20, Kind::kDelivered, Lease(5, 1));
    Add(killed_at, Kind::kKilled);
    Ready(2, 1);
    Add(killed_at + 100, Kind::kDelivered, Lease(5, 1, 2));
    if (killed_at == 900) {
      EXPECT_THAT(Violations(), IsEmpty());
    } else {
      EXPECT_THAT(Violations(), ElementsAre(HasSubstr("attempts do not")));
    }
  }
}

TEST_F(JudgeTest, ALeaseEndsWithItsStreamItsTimeOrItsRequeue) {
  Ready(1, 1);
  Ready(2, 1);
  Publish(10, 5);
  Add(20, Kind::kDelivered, Lease(5, 1));
  Event ended;
  ended.client = 1;
  Add(30, Kind::kStreamEnded, ended);
  Add(40, Kind::kDelivered, Lease(5, 2, 2));
  Add(50, Kind::kRequeueSent, Lease(5, 2, 2));
  Ready(1, 1);
  Add(60, Kind::kDelivered, Lease(5, 3));
  Ready(3, 1);
  Add(60'100, Kind::kDelivered, Lease(5, 4, 3));  // timed out
  EXPECT_THAT(Violations(), IsEmpty());
}

TEST_F(JudgeTest, NoticesAMessageInTwoHands) {
  Ready(1, 1);
  Ready(2, 1);
  Publish(10, 5);
  Add(20, Kind::kDelivered, Lease(5, 1));
  Add(40, Kind::kDelivered, Lease(5, 2, 2));
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("held by two")));
}

TEST_F(JudgeTest, NoticesMoreThanReady) {
  Ready(1, 1);
  Publish(10, 5);
  Publish(12, 6);
  Add(20, Kind::kDelivered, Lease(5, 1));
  Add(21, Kind::kDelivered, Lease(6, 1));
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("past RDY")));
}

TEST_F(JudgeTest, NoticesADelayCutShort) {
  Ready(1, 1);
  Event deferred = Message(5);
  deferred.delay = absl::Seconds(1);
  Add(10, Kind::kPublishInvoked, deferred);
  Add(11, Kind::kPublishOk, Message(5, 5));
  Add(1000, Kind::kDelivered, Lease(5, 1));
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("early")));
}

TEST_F(JudgeTest, ARequeuesDelayCountsUnlessTheNodeWasDeadAlready) {
  for (const bool dead : {false, true}) {
    events_.clear();
    Ready(1, 1);
    Publish(10, 5);
    if (dead) Add(11, Kind::kKilled);
    Add(20, Kind::kDelivered, Lease(5, 1));
    Event requeue = Lease(5, 1);
    requeue.delay = absl::Milliseconds(300);
    Add(30, Kind::kRequeueSent, requeue);
    Ready(2, 1);
    Add(200, Kind::kDelivered, Lease(5, 2, 2));
    if (dead) {
      EXPECT_THAT(Violations(), IsEmpty());
    } else {
      EXPECT_THAT(Violations(), ElementsAre(HasSubstr("early")));
    }
  }
}

// Two attempts are all there are; the message was given back after each.
class JudgeLetterTest : public JudgeTest {
 protected:
  void SetUp() override {
    options_.letter_rule = {"c", "letters", 2};
    Ready(1, 1);
    Ready(9, 10);
    Publish(10, 5);
    Add(20, Kind::kDelivered, Lease(5, 1));
    Add(30, Kind::kRequeueSent, Lease(5, 1));
    Add(40, Kind::kDelivered, Lease(5, 2));
    Add(50, Kind::kRequeueSent, Lease(5, 2));
  }
};

TEST_F(JudgeLetterTest, AMessageWhoseAttemptsAreUsedUpIsOneDeadLetter) {
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("dead letter lost")));
  Letter(60, 5, 1);
  EXPECT_THAT(Violations(), IsEmpty());
  Add(70, Kind::kCounted);
  EXPECT_THAT(Violations(), IsEmpty());
  Letter(80, 5, 2);
  EXPECT_THAT(Violations(), testing::Contains(HasSubstr("two dead letters")));
}

TEST_F(JudgeLetterTest, ItIsOnItsChannelNoMoreEvenAfterACrash) {
  Letter(60, 5, 1);
  Add(70, Kind::kKilled);
  Ready(2, 1);
  Add(1000, Kind::kDelivered, Lease(5, 2, 2));
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("dead and delivered again")));
}

TEST_F(JudgeLetterTest, NoticesAnAttemptTooFewOrTooMany) {
  Publish(55, 6);
  Add(60, Kind::kDelivered, Lease(6, 1));
  Add(70, Kind::kRequeueSent, Lease(6, 1));
  Letter(80, 6, 1);
  Letter(90, 5, 2, /*attempts=*/1);
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("early: message 6"),
                                        HasSubstr("early: message 5")));
  Add(95, Kind::kDelivered, Lease(5, 3));
  EXPECT_THAT(Violations(), testing::Contains(HasSubstr("past its last")));
}

TEST_F(JudgeLetterTest, AnAttemptThatDiedWithTheNodeWasOne) {
  Publish(55, 6);
  Add(60, Kind::kDelivered, Lease(6, 1));
  Add(70, Kind::kKilled);
  Ready(10, 10);
  Letter(300, 5, 1, 2, /*client=*/10);
  Letter(310, 6, 2, 2, /*client=*/10);
  EXPECT_THAT(Violations(), IsEmpty());
}

TEST_F(JudgeLetterTest, AFinishedMessageIsNoDeadLetterUnlessACrashForgotIt) {
  for (const bool killed : {false, true}) {
    events_.clear();
    SetUp();
    Letter(55, 5, 1);
    Publish(56, 6);
    Add(60, Kind::kDelivered, Lease(6, 1));
    Finish(65, 6, 1);
    if (killed) Add(70, Kind::kKilled);
    Ready(10, 10);
    Letter(300, 6, 2, 2, /*client=*/10);
    if (killed) {
      EXPECT_THAT(Violations(), IsEmpty());
    } else {
      EXPECT_THAT(Violations(),
                  ElementsAre(HasSubstr("finished and a dead letter"),
                              HasSubstr("dead letter early")));
    }
  }
}

TEST_F(JudgeTest, NoticesACountThatIsNotWhatIsLeft) {
  Ready(1, 1);
  Publish(10, 5);
  Add(20, Kind::kDelivered, Lease(5, 1));
  Finish(30, 5, 1);
  Event counted;
  counted.count = 1;
  Add(40, Kind::kCounted, counted);
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("miscounted")));
}

}  // namespace
}  // namespace sluice
