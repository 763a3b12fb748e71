// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Making, listing and deleting topics and channels; names; who the node is.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

class AdminTest : public NodeTest {
 protected:
  template <typename Request>
  Outcome Topic(const std::string& name) {
    return client().Call(OnTopic<Request>(name));
  }
  template <typename Request>
  Outcome Channel(const std::string& name, const std::string& channel) {
    return client().Call(OnChannel<Request>(name, channel));
  }

  Outcome Subscribe(const std::string& name, const std::string& channel) {
    SubscriberSession session(client(), OpenOf(name, channel));
    session.HalfClose();
    return session.ExpectEnd();
  }
};

TEST_F(AdminTest, TakesGoodNames) {
  // Each test node is shared, so that the short names must not be used twice.
  const std::vector<std::string> names = {".",
                                          "..",
                                          "a",
                                          "-",
                                          "_",
                                          "Z9._-az",
                                          std::string(64, 'n'),
                                          "e#ephemeral",
                                          std::string(54, 'e') + "#ephemeral"};
  for (const std::string& name : names) {
    EXPECT_TRUE(IsOk(Topic<v1::CreateTopicRequest>(name))) << name;
    EXPECT_TRUE(IsOk(Topic<v1::GetTopicRequest>(name))) << name;
    EXPECT_TRUE(IsOk(client().Call(PublishOf(name, {"x"})))) << name;
    EXPECT_TRUE(IsOk(Subscribe(topic(), name))) << name;
  }
  for (const std::string& name : names) {
    if (absl::EndsWith(name, "#ephemeral")) continue;
    EXPECT_TRUE(client().ChannelExists(topic(), name)) << name;
    EXPECT_TRUE(IsOk(Topic<v1::DeleteTopicRequest>(name))) << name;
  }
}

TEST_F(AdminTest, RefusesBadNames) {
  client().CreateTopic(topic());
  for (const std::string& name :
       {std::string(), std::string(" "), std::string("a b"), std::string("a/b"),
        std::string("a#b"), std::string("é"), std::string("nul\0", 4),
        std::string("#ephemeral"), std::string("a#ephemeral#ephemeral"),
        std::string("a#Ephemeral"), std::string("#ephemerala"),
        std::string(65, 'n'), std::string(55, 'e') + "#ephemeral"}) {
    SCOPED_TRACE(absl::StrCat("'", name, "'"));
    const char* reason = "INVALID_NAME";
    EXPECT_TRUE(
        IsInvalid(Topic<v1::CreateTopicRequest>(name), reason, "topic"));
    EXPECT_TRUE(IsInvalid(Topic<v1::GetTopicRequest>(name), reason, "topic"));
    EXPECT_TRUE(
        IsInvalid(client().Call(PublishOf(name, {"x"})), reason, "topic"));
    EXPECT_TRUE(IsInvalid(Subscribe(name, "c"), reason, "topic"));
    EXPECT_TRUE(IsInvalid(Channel<v1::CreateChannelRequest>(topic(), name),
                          reason, "channel"));
    EXPECT_TRUE(IsInvalid(Channel<v1::GetChannelRequest>(topic(), name), reason,
                          "channel"));
    EXPECT_TRUE(IsInvalid(Subscribe(topic(), name), reason, "channel"));
  }
}

TEST_F(AdminTest, TellsNamesApartByCase) {
  client().PublishOne(topic() + "x", "small");
  client().PublishOne(topic() + "X", "large");
  SubscriberSession session(client(), OpenOf(topic() + "X", "c", 10));
  EXPECT_EQ(session.ExpectDelivery().body(), "large");
  session.ExpectNoDelivery(absl::Milliseconds(50));
}

TEST_F(AdminTest, CreatesATopicAsConfigured) {
  auto request = OnTopic<v1::CreateTopicRequest>(topic());
  request.mutable_config()->set_durability(v1::DURABILITY_OS);
  request.mutable_config()->set_mem_queue_size(50);
  v1::CreateTopicResponse created;
  const int64_t before = absl::ToUnixSeconds(absl::Now());
  ASSERT_TRUE(IsOk(client().Call(request, &created)));
  EXPECT_EQ(created.topic().name(), topic());
  EXPECT_EQ(created.topic().config().durability(), v1::DURABILITY_OS);
  EXPECT_EQ(created.topic().config().mem_queue_size(), 50);
  EXPECT_FALSE(created.topic().paused());
  EXPECT_GE(created.topic().create_time().seconds(), before);
  EXPECT_LE(created.topic().create_time().seconds(),
            absl::ToUnixSeconds(absl::Now()));

  v1::GetTopicResponse got;
  ASSERT_TRUE(IsOk(client().Call(OnTopic<v1::GetTopicRequest>(topic()), &got)));
  EXPECT_EQ(got.topic().SerializeAsString(),
            created.topic().SerializeAsString());
}

TEST_F(AdminTest, KeepsUnsetAndZeroMemoryQueuesApart) {
  client().CreateTopic(topic() + "u");
  auto request = OnTopic<v1::CreateTopicRequest>(topic() + "z");
  request.mutable_config()->set_mem_queue_size(0);
  ASSERT_TRUE(IsOk(client().Call(request)));
  v1::GetTopicResponse got;
  ASSERT_TRUE(
      IsOk(client().Call(OnTopic<v1::GetTopicRequest>(topic() + "u"), &got)));
  EXPECT_FALSE(got.topic().config().has_mem_queue_size());
  ASSERT_TRUE(
      IsOk(client().Call(OnTopic<v1::GetTopicRequest>(topic() + "z"), &got)));
  EXPECT_TRUE(got.topic().config().has_mem_queue_size());
}

TEST_F(AdminTest, CreatesATopicOnce) {
  auto request = OnTopic<v1::CreateTopicRequest>(topic());
  v1::CreateTopicResponse first;
  v1::CreateTopicResponse again;
  ASSERT_TRUE(IsOk(client().Call(request, &first)));
  client().PublishOne(topic(), "stays");
  ASSERT_TRUE(IsOk(client().Call(request, &again)));
  EXPECT_EQ(again.topic().SerializeAsString(),
            first.topic().SerializeAsString());
  EXPECT_EQ(client().TopicStatsOf(topic()).depth(), 1);
  request.mutable_config()->set_durability(v1::DURABILITY_OS);
  EXPECT_TRUE(IsError(client().Call(request), absl::StatusCode::kAlreadyExists,
                      "TOPIC_EXISTS"));
}

TEST_F(AdminTest, RefusesBadTopicConfigs) {
  auto bad = OnTopic<v1::CreateTopicRequest>(topic());
  bad.mutable_config()->set_durability(static_cast<v1::Durability>(99));
  EXPECT_TRUE(
      IsInvalid(client().Call(bad), "INVALID_ENUM", "config.durability"));
  bad.mutable_config()->set_durability(v1::DURABILITY_MEMORY);
  bad.mutable_config()->set_mem_queue_size(0);
  const Outcome outcome = client().Call(bad);
  EXPECT_EQ(outcome.code, absl::StatusCode::kInvalidArgument) << outcome;
  EXPECT_EQ(outcome.reason, "INVALID_CONFIG");
  EXPECT_EQ(outcome.fields.size(), 1);
  bad.clear_config();
  bad.mutable_config()->mutable_retention()->set_seconds(-1);
  EXPECT_TRUE(
      IsInvalid(client().Call(bad), "INVALID_DURATION", "config.retention"));
  EXPECT_FALSE(client().TopicExists(topic()));
}

TEST_F(AdminTest, AMaskedUpdateChangesOnlyWhatItNames) {
  auto create = OnTopic<v1::CreateTopicRequest>(topic());
  create.mutable_config()->set_durability(v1::DURABILITY_OS);
  create.mutable_config()->set_mem_queue_size(50);
  ASSERT_TRUE(IsOk(client().Call(create)));
  auto update = OnTopic<v1::UpdateTopicRequest>(topic());
  update.mutable_config()->set_durability(v1::DURABILITY_DISK);
  update.mutable_config()->set_mem_queue_size(99);
  update.mutable_update_mask()->add_paths("durability");
  v1::UpdateTopicResponse updated;
  ASSERT_TRUE(IsOk(client().Call(update, &updated)));
  EXPECT_EQ(updated.topic().config().durability(), v1::DURABILITY_DISK);
  EXPECT_EQ(updated.topic().config().mem_queue_size(), 50u);
  v1::GetTopicResponse got;
  ASSERT_TRUE(IsOk(client().Call(OnTopic<v1::GetTopicRequest>(topic()), &got)));
  EXPECT_EQ(got.topic().SerializeAsString(),
            updated.topic().SerializeAsString());
  // What the mask names and the config leaves unset goes back to its default.
  update.mutable_config()->clear_mem_queue_size();
  *update.mutable_update_mask()->mutable_paths(0) = "mem_queue_size";
  ASSERT_TRUE(IsOk(client().Call(update, &updated)));
  EXPECT_FALSE(updated.topic().config().has_mem_queue_size());
  EXPECT_EQ(updated.topic().config().durability(), v1::DURABILITY_DISK);
}

TEST_F(AdminTest, AnUpdateWithoutAMaskReplacesTheConfig) {
  auto create = OnTopic<v1::CreateTopicRequest>(topic());
  create.mutable_config()->set_mem_queue_size(50);
  ASSERT_TRUE(IsOk(client().Call(create)));
  auto update = OnTopic<v1::UpdateTopicRequest>(topic());
  update.mutable_config()->set_durability(v1::DURABILITY_OS);
  v1::UpdateTopicResponse updated;
  ASSERT_TRUE(IsOk(client().Call(update, &updated)));
  EXPECT_EQ(updated.topic().config().durability(), v1::DURABILITY_OS);
  EXPECT_FALSE(updated.topic().config().has_mem_queue_size());
}

TEST_F(AdminTest, AnUpdateAppliesToTheNextPublish) {
  auto create = OnTopic<v1::CreateTopicRequest>(topic());
  create.mutable_config()->set_mem_queue_size(100);
  create.mutable_config()->set_durability(v1::DURABILITY_MEMORY);
  ASSERT_TRUE(IsOk(client().Call(create)));
  EXPECT_EQ(client().Publish(topic(), {"a"}).durability(),
            v1::DURABILITY_MEMORY);
  auto update = OnTopic<v1::UpdateTopicRequest>(topic());
  update.mutable_config()->set_durability(v1::DURABILITY_DISK);
  update.mutable_update_mask()->add_paths("durability");
  ASSERT_TRUE(IsOk(client().Call(update)));
  EXPECT_EQ(client().Publish(topic(), {"b"}).durability(), v1::DURABILITY_DISK);
  update.mutable_config()->set_durability(v1::DURABILITY_MEMORY);
  ASSERT_TRUE(IsOk(client().Call(update)));
  EXPECT_EQ(client().Publish(topic(), {"c"}).durability(),
            v1::DURABILITY_MEMORY);
  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  EXPECT_EQ(BodiesOf(session.ExpectDeliveries(3)),
            (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(AdminTest, RefusesUpdatesThatCannotBe) {
  auto update = OnTopic<v1::UpdateTopicRequest>(topic());
  EXPECT_TRUE(IsTopicNotFound(client().Call(update), topic()));
  client().CreateTopic(topic());
  update.mutable_update_mask()->add_paths("colour");
  const Outcome unknown = client().Call(update);
  EXPECT_TRUE(IsInvalid(unknown, "INVALID_CONFIG", "update_mask"));
  EXPECT_NE(unknown.message.find("colour"), std::string::npos);
  // Only together with what the topic has already is it wrong.
  *update.mutable_update_mask()->mutable_paths(0) = "durability";
  update.mutable_config()->set_durability(v1::DURABILITY_MEMORY);
  EXPECT_TRUE(
      IsInvalid(client().Call(update), "INVALID_CONFIG", "config.durability"));
  update.mutable_config()->mutable_retention()->set_seconds(-1);
  update.mutable_config()->clear_durability();
  update.clear_update_mask();
  EXPECT_TRUE(
      IsInvalid(client().Call(update), "INVALID_DURATION", "config.retention"));

  auto channel = OnChannel<v1::UpdateChannelRequest>(topic(), "c");
  EXPECT_TRUE(IsError(client().Call(channel), absl::StatusCode::kNotFound,
                      "CHANNEL_NOT_FOUND"));
  client().CreateChannel(topic(), "c");
  EXPECT_TRUE(IsOk(client().Call(channel)));
  channel.mutable_update_mask()->add_paths("max_attempt");
  EXPECT_TRUE(
      IsInvalid(client().Call(channel), "INVALID_CONFIG", "update_mask"));
}

TEST_F(AdminTest, CreatesAChannelOfAnExistingTopicOnce) {
  const auto request = OnChannel<v1::CreateChannelRequest>(topic(), "c");
  EXPECT_TRUE(IsTopicNotFound(client().Call(request), topic()));
  EXPECT_FALSE(client().TopicExists(topic()));
  client().CreateTopic(topic());
  v1::CreateChannelResponse created;
  ASSERT_TRUE(IsOk(client().Call(request, &created)));
  EXPECT_EQ(created.channel().topic(), topic());
  EXPECT_EQ(created.channel().name(), "c");
  EXPECT_FALSE(created.channel().paused());
  EXPECT_GT(created.channel().create_time().seconds(), 0);
  v1::CreateChannelResponse again;
  ASSERT_TRUE(IsOk(client().Call(request, &again)));
  EXPECT_EQ(again.channel().SerializeAsString(),
            created.channel().SerializeAsString());
  v1::GetChannelResponse got;
  ASSERT_TRUE(IsOk(
      client().Call(OnChannel<v1::GetChannelRequest>(topic(), "c"), &got)));
  EXPECT_EQ(got.channel().SerializeAsString(),
            created.channel().SerializeAsString());
  auto bad = request;
  bad.set_channel("d");
  bad.set_start(static_cast<v1::StartPosition>(99));
  EXPECT_TRUE(IsInvalid(client().Call(bad), "INVALID_ENUM", "start"));
  EXPECT_FALSE(client().ChannelExists(topic(), "d"));
}

TEST_F(AdminTest, DoesNotFindTopicsThatAreNotThere) {
  EXPECT_TRUE(IsTopicNotFound(Topic<v1::GetTopicRequest>(topic()), topic()));
  EXPECT_TRUE(IsTopicNotFound(Topic<v1::DeleteTopicRequest>(topic()), topic()));
  EXPECT_TRUE(IsTopicNotFound(Topic<v1::PauseTopicRequest>(topic()), topic()));
  EXPECT_TRUE(IsTopicNotFound(Topic<v1::ResumeTopicRequest>(topic()), topic()));
  EXPECT_TRUE(IsTopicNotFound(Topic<v1::EmptyTopicRequest>(topic()), topic()));
  EXPECT_TRUE(IsTopicNotFound(Topic<v1::GetStatsRequest>(topic()), topic()));
  EXPECT_TRUE(
      IsTopicNotFound(Topic<v1::ListChannelsRequest>(topic()), topic()));
  EXPECT_TRUE(
      IsTopicNotFound(Topic<v1::PeekMessagesRequest>(topic()), topic()));
}

TEST_F(AdminTest, DoesNotFindChannelsThatAreNotThere) {
  const auto expect_all = [this](const auto& is_not_found) {
    EXPECT_TRUE(is_not_found(Channel<v1::GetChannelRequest>(topic(), "c")));
    EXPECT_TRUE(is_not_found(Channel<v1::DeleteChannelRequest>(topic(), "c")));
    EXPECT_TRUE(is_not_found(Channel<v1::PauseChannelRequest>(topic(), "c")));
    EXPECT_TRUE(is_not_found(Channel<v1::ResumeChannelRequest>(topic(), "c")));
    EXPECT_TRUE(is_not_found(Channel<v1::EmptyChannelRequest>(topic(), "c")));
    EXPECT_TRUE(is_not_found(Channel<v1::GetStatsRequest>(topic(), "c")));
    EXPECT_TRUE(is_not_found(Channel<v1::PeekMessagesRequest>(topic(), "c")));
  };
  expect_all([this](const Outcome& outcome) {
    return IsTopicNotFound(outcome, topic());
  });
  client().CreateTopic(topic());
  expect_all([this](const Outcome& outcome) {
    return IsChannelNotFound(outcome, topic(), "c");
  });
}

TEST_F(AdminTest, DeletesATopicWithAllItHolds) {
  client().PublishNumbers(topic(), 10);
  client().CreateChannel(topic(), "c");
  ASSERT_TRUE(IsOk(Topic<v1::DeleteTopicRequest>(topic())));
  EXPECT_FALSE(client().TopicExists(topic()));
  EXPECT_TRUE(IsTopicNotFound(Topic<v1::DeleteTopicRequest>(topic()), topic()));
  // Made anew it is another topic, with ids from 1.
  EXPECT_EQ(client().PublishOne(topic(), "new"), 1);
  EXPECT_FALSE(client().ChannelExists(topic(), "c"));
  SubscriberSession session(client(), OpenOf(topic(), "c", 100));
  EXPECT_EQ(session.ExpectDelivery().body(), "new");
  session.ExpectNoDelivery(absl::Milliseconds(50));
}

TEST_F(AdminTest, DeletesAChannelAndNotItsNeighbour) {
  client().CreateTopic(topic());
  client().CreateChannel(topic(), "c");
  client().CreateChannel(topic(), "d");
  client().PublishNumbers(topic(), 5);
  ASSERT_TRUE(IsOk(Channel<v1::DeleteChannelRequest>(topic(), "c")));
  EXPECT_FALSE(client().ChannelExists(topic(), "c"));
  SubscriberSession d(client(), OpenOf(topic(), "d", 100));
  EXPECT_EQ(BodiesOf(d.ExpectDeliveries(5)), Numbers(5));
  // Made anew it starts at the end, like any later channel.
  client().CreateChannel(topic(), "c");
  EXPECT_EQ(client().ChannelStatsOf(topic(), "c").depth(), 0);
}

TEST_F(AdminTest, ListsTopicsByNameInPages) {
  std::vector<std::string> expected;
  for (const char* last : {"B", "a", "b", "c", "d", "e", "f"}) {
    expected.push_back(absl::StrCat(topic(), last));
  }
  for (auto name = expected.rbegin(); name != expected.rend(); ++name) {
    client().CreateTopic(*name);
  }
  std::vector<std::string> all;
  std::vector<std::string> ours;
  v1::ListTopicsRequest request;
  request.set_page_size(2);
  do {
    v1::ListTopicsResponse page;
    ASSERT_TRUE(IsOk(client().Call(request, &page)));
    ASSERT_LE(page.topics_size(), 2);
    for (const auto& one : page.topics()) {
      all.push_back(one.name());
      if (absl::StartsWith(one.name(), topic())) ours.push_back(one.name());
    }
    request.set_page_token(page.next_page_token());
    ASSERT_LE(all.size(), 1000) << "the pages have no end";
  } while (!request.page_token().empty());
  EXPECT_EQ(ours, expected);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  v1::ListTopicsResponse whole;
  ASSERT_TRUE(IsOk(client().Call(v1::ListTopicsRequest(), &whole)));
  EXPECT_EQ(whole.topics_size(), static_cast<int>(all.size()));
  EXPECT_TRUE(whole.next_page_token().empty());
}

TEST_F(AdminTest, ListsChannelsByNameInPages) {
  client().CreateTopic(topic());
  for (const char* channel : {"e", "c", "a", "d", "b"}) {
    client().CreateChannel(topic(), channel);
  }
  auto request = OnTopic<v1::ListChannelsRequest>(topic());
  request.set_page_size(3);
  v1::ListChannelsResponse page;
  ASSERT_TRUE(IsOk(client().Call(request, &page)));
  ASSERT_EQ(page.channels_size(), 3);
  EXPECT_EQ(page.channels(0).name(), "a");
  EXPECT_EQ(page.channels(2).name(), "c");
  EXPECT_EQ(page.channels(2).topic(), topic());
  ASSERT_FALSE(page.next_page_token().empty());
  // A channel that comes or goes between two pages does not upset the rest.
  ASSERT_TRUE(IsOk(Channel<v1::DeleteChannelRequest>(topic(), "c")));
  request.set_page_token(page.next_page_token());
  ASSERT_TRUE(IsOk(client().Call(request, &page)));
  ASSERT_EQ(page.channels_size(), 2);
  EXPECT_EQ(page.channels(0).name(), "d");
  EXPECT_EQ(page.channels(1).name(), "e");
  EXPECT_TRUE(page.next_page_token().empty());
}

TEST_F(AdminTest, RefusesPageTokensThatItDidNotGive) {
  v1::ListTopicsRequest topics;
  topics.set_page_token("\x01 no token");
  EXPECT_TRUE(
      IsInvalid(client().Call(topics), "INVALID_PAGE_TOKEN", "page_token"));
  client().CreateTopic(topic());
  auto channels = OnTopic<v1::ListChannelsRequest>(topic());
  channels.set_page_token("\x01 no token");
  EXPECT_TRUE(
      IsInvalid(client().Call(channels), "INVALID_PAGE_TOKEN", "page_token"));
}

TEST_F(AdminTest, SaysWhoTheNodeIs) {
  v1::GetServerInfoResponse response;
  ASSERT_TRUE(IsOk(client().Call(v1::GetServerInfoRequest(), &response)));
  const v1::ServerInfo& info = response.server();
  EXPECT_FALSE(info.node_id().empty());
  EXPECT_FALSE(info.version().empty());
  EXPECT_FALSE(info.broadcast_address().empty());
  EXPECT_EQ(absl::StrCat("127.0.0.1:", info.grpc_port()),
            node().grpc_address());
  EXPECT_EQ(absl::StrCat("127.0.0.1:", info.http_port()),
            node().http_address());
  EXPECT_LE(info.start_time().seconds(), absl::ToUnixSeconds(absl::Now()));
  EXPECT_GT(info.start_time().seconds(),
            absl::ToUnixSeconds(absl::Now() - absl::Hours(1)));
  EXPECT_TRUE(info.healthy());
  EXPECT_TRUE(info.unhealthy_reason().empty());
  EXPECT_FALSE(info.draining());
}

using ServicesTest = AdminTest;

TEST_F(ServicesTest, TheStandardHealthServiceSaysServing) {
  std::string status;
  ASSERT_TRUE(IsOk(client().CheckHealth("", &status)));
  EXPECT_EQ(status, "SERVING");
}

TEST_F(ServicesTest, ReflectionListsTheServicesInBothVersions) {
  for (const char* version : {"v1alpha", "v1"}) {
    std::vector<std::string> services;
    EXPECT_TRUE(IsOk(client().ListServices(version, &services))) << version;
    EXPECT_THAT(services, testing::IsSupersetOf({"sluice.v1.PublisherService",
                                                 "sluice.v1.SubscriberService",
                                                 "sluice.v1.AdminService"}))
        << version;
  }
}

}  // namespace
}  // namespace sluice
