// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/parcel.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;

// A parcel of messages with these bodies, whose answers come to `answers`.
std::unique_ptr<Parcel> MakeParcel(const std::vector<std::string>& bodies,
                                   std::vector<std::string>* answers) {
  auto parcel = std::make_unique<Parcel>();
  v1::PublishRequest& request = *parcel->request.mutable_publish();
  request.set_topic("t");
  request.set_request_id("r-1");
  for (const std::string& body : bodies) {
    OutgoingMessage message;
    message.body = body;
    parcel->message_bytes.push_back(BudgetBytes(message));
    parcel->bytes += parcel->message_bytes.back();
    AddMessage(message, &request);
    parcel->on_message.push_back(
        [body, answers](const absl::StatusOr<PublishedMessage>& published) {
          answers->push_back(body + " " +
                             (published.ok()
                                  ? std::to_string(published->message_id)
                                  : std::string(published.status().message())));
        });
  }
  return parcel;
}

std::vector<std::string> BodiesOf(const Parcel& parcel) {
  std::vector<std::string> bodies;
  for (const v1::Message& message : parcel.request.publish().messages()) {
    bodies.push_back(message.body());
  }
  return bodies;
}

TEST(Parcel, EachMessageHearsItsOwnId) {
  std::vector<std::string> answers;
  const auto parcel = MakeParcel({"a", "b"}, &answers);
  PublishedBatch published;
  published.first_message_id = 7;
  Answer(*parcel, published);
  EXPECT_THAT(answers, ElementsAre("a 7", "b 8"));
}

TEST(Parcel, AnErrorIsEverybodys) {
  std::vector<std::string> answers;
  const auto parcel = MakeParcel({"a", "b"}, &answers);
  Answer(*parcel, absl::UnavailableError("no"));
  EXPECT_THAT(answers, ElementsAre("a no", "b no"));
}

TEST(Parcel, DedupIdsAreDifferentAndKeepWhatIsThere) {
  std::vector<std::string> answers;
  const auto parcel = MakeParcel({"a", "b"}, &answers);
  v1::PublishRequest& request = *parcel->request.mutable_publish();
  (*request.mutable_messages(1)->mutable_attributes())[kDedupIdAttribute] =
      "mine";
  AddDedupId(0, &request);
  AddDedupId(1, &request);
  EXPECT_EQ(request.messages(0).attributes().at(kDedupIdAttribute), "r-1-0");
  EXPECT_EQ(request.messages(1).attributes().at(kDedupIdAttribute), "mine");
}

TEST(Parcel, FindsTheMessageThatANodeNames) {
  EXPECT_EQ(MessageIndexOf("messages[3].body"), 3);
  EXPECT_EQ(MessageIndexOf("messages[12]"), 12);
  EXPECT_EQ(MessageIndexOf("topic"), absl::nullopt);
  EXPECT_EQ(MessageIndexOf("messages[x]"), absl::nullopt);
}

TEST(Parcel, ARefusedMessageTakesNoOthersWithIt) {
  std::vector<std::string> answers;
  RequestIds ids("p");
  auto parcel = MakeParcel({"a", "bad", "c"}, &answers);
  const size_t bytes = parcel->bytes;
  const auto parts = TakeApart(std::move(parcel), 1,
                               absl::InvalidArgumentError("too large"), &ids);
  EXPECT_THAT(answers, ElementsAre("bad too large"));
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_THAT(BodiesOf(*parts[0]), ElementsAre("a", "c"));
  EXPECT_EQ(parts[0]->request.publish().topic(), "t");
  EXPECT_EQ(parts[0]->request.publish().request_id(), "p-1");
  EXPECT_LT(parts[0]->bytes, bytes);
  PublishedBatch published;
  published.first_message_id = 1;
  Answer(*parts[0], published);
  EXPECT_THAT(answers, ElementsAre("bad too large", "a 1", "c 2"));
}

TEST(Parcel, IsHalvedWhenNobodyIsToBlame) {
  std::vector<std::string> answers;
  RequestIds ids("p");
  const auto parts =
      TakeApart(MakeParcel({"a", "b", "c"}, &answers), absl::nullopt,
                absl::InvalidArgumentError("batch too large"), &ids);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_THAT(BodiesOf(*parts[0]), ElementsAre("a"));
  EXPECT_THAT(BodiesOf(*parts[1]), ElementsAre("b", "c"));
  EXPECT_NE(parts[0]->request.publish().request_id(),
            parts[1]->request.publish().request_id());
}

}  // namespace
}  // namespace sluice
