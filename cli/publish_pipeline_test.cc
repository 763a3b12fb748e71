// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/publish_pipeline.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/error.h"
#include "cli/fake_node.h"
#include "client/cluster_connection.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

void WriteAnswer(const v1::PublishStreamRequest& request, bool refused,
                 FakeNode::PublishStream* stream) {
  v1::PublishStreamResponse response;
  v1::PublishResult* result = response.add_results();
  result->set_correlation_id(request.correlation_id());
  if (refused) {
    result->mutable_error()->set_code(
        static_cast<int>(absl::StatusCode::kNotFound));
  } else {
    result->mutable_published()->set_message_count(
        static_cast<uint32_t>(request.publish().messages_size()));
  }
  stream->Write(response);
}

// Answers requests in the order they come; the topic says how.
grpc::Status Answer(FakeNode::PublishStream* stream) {
  v1::PublishStreamRequest request;
  while (stream->Read(&request)) {
    if (request.publish().topic() == "silent") continue;
    if (request.publish().topic() == "break") {
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
    }
    WriteAnswer(request, request.publish().topic() == "refused", stream);
  }
  return grpc::Status::OK;
}

class PublishPipelineTest : public ::testing::Test {
 protected:
  using Addresses = std::vector<std::string>;

  std::unique_ptr<PublishPipeline> To(Addresses addresses, StopSignal* stop) {
    ClientOptions client;
    client.addresses = std::move(addresses);
    return *PublishPipeline::Create(
        *ClusterConnection::Create(client), options_, stop,
        [this](const std::string& text) { notes_.push_back(text); });
  }
  std::unique_ptr<PublishPipeline> ToNode() {
    return To({node_.address()}, &stop_);
  }

  static OutgoingBatch Batch(const std::string& topic, size_t messages) {
    OutgoingBatch batch;
    batch.topic = topic;
    batch.messages.resize(messages);
    return batch;
  }

  PublishPipeline::Options options_;
  std::vector<std::string> notes_;
  StopSignal stop_{StopSignal::Options()};
  FakeNode node_{FakeNode::PublishScript(Answer)};
};

TEST_F(PublishPipelineTest, CountsWhatWasPublished) {
  const auto pipeline = ToNode();
  for (uint64_t i = 0; i < 1000; ++i) {
    ASSERT_TRUE(pipeline->Send(Batch("t", 2), {2 * i + 1, 2 * i + 2}));
  }
  const PublishPipeline::End end = pipeline->Finish();
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(end.published, 2000u);
  EXPECT_THAT(end.refusals, IsEmpty());
  EXPECT_EQ(end.unanswered, 0u);
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(PublishPipelineTest, EndsWellWithoutAnyBatch) {
  const auto pipeline = ToNode();
  EXPECT_TRUE(pipeline->Check());
  const PublishPipeline::End end = pipeline->Finish();
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(end.published, 0u);
}

TEST_F(PublishPipelineTest, StopsAtARefusal) {
  const auto pipeline = ToNode();
  ASSERT_TRUE(pipeline->Send(Batch("t", 1), {1}));
  ASSERT_TRUE(pipeline->Send(Batch("refused", 2), {2, 3}));
  // More can be on its way before the answer is there, but not for ever.
  while (pipeline->Send(Batch("t", 1), {4})) {
  }
  EXPECT_TRUE(stop_.stopped());
  EXPECT_FALSE(pipeline->Check());
  const PublishPipeline::End end = pipeline->Finish();
  ASSERT_THAT(end.refusals, SizeIs(1));
  EXPECT_EQ(end.refusals[0].status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(end.refusals[0].records, ElementsAre(2, 3));
  EXPECT_GE(end.published, 1u);
  EXPECT_EQ(end.unanswered, 0u);
}

TEST_F(PublishPipelineTest, SendsAgainUnderItsIdWhatHadNoAnswer) {
  absl::Mutex mu;
  std::vector<std::string> ids;
  std::atomic<int> streams{0};
  FakeNode node{FakeNode::PublishScript([&](FakeNode::PublishStream* stream) {
    const bool breaks = ++streams == 1;
    v1::PublishStreamRequest request;
    while (stream->Read(&request)) {
      {
        const absl::MutexLock lock(&mu);
        ids.push_back(request.publish().request_id());
      }
      if (breaks) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
      WriteAnswer(request, false, stream);
    }
    return grpc::Status::OK;
  })};
  const auto pipeline = To({node.address()}, &stop_);
  ASSERT_TRUE(pipeline->Send(Batch("t", 3), {1, 2, 3}));
  const PublishPipeline::End end = pipeline->Finish();
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(end.published, 3u);
  const absl::MutexLock lock(&mu);
  ASSERT_THAT(ids, SizeIs(2));
  EXPECT_EQ(ids[0], ids[1]);
  // It says that it waits, and for what.
  ASSERT_THAT(notes_, SizeIs(1));
  EXPECT_THAT(notes_[0], HasSubstr(node.address()));
  EXPECT_THAT(notes_[0], HasSubstr("broken; trying again, and giving up after "
                                   "30s without an answer"));
}

TEST_F(PublishPipelineTest, GoesOnWithAnotherNode) {
  std::atomic<int> answers{0};
  auto dying = std::make_unique<FakeNode>(
      FakeNode::PublishScript([&](FakeNode::PublishStream* stream) {
        v1::PublishStreamRequest request;
        while (answers < 10 && stream->Read(&request)) {
          ++answers;
          WriteAnswer(request, false, stream);
        }
        return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
      }));
  const std::string address = dying->address();
  const auto pipeline = To({address, node_.address()}, &stop_);
  for (uint64_t i = 1; i <= 20; ++i) {
    ASSERT_TRUE(pipeline->Send(Batch("t", 1), {i}));
  }
  while (pipeline->published() < 10 && pipeline->Check()) {
  }
  dying.reset();
  for (uint64_t i = 21; i <= 200; ++i) {
    ASSERT_TRUE(pipeline->Send(Batch("t", 1), {i}));
  }
  const PublishPipeline::End end = pipeline->Finish();
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(end.published, 200u);
  EXPECT_EQ(end.unanswered, 0u);
  ASSERT_THAT(notes_, SizeIs(1));
  EXPECT_THAT(notes_[0], HasSubstr(address));
}

TEST_F(PublishPipelineTest, GivesUpWhenNothingIsAnswered) {
  options_.give_up_after = absl::Milliseconds(200);
  const auto pipeline = ToNode();
  ASSERT_TRUE(pipeline->Send(Batch("silent", 2), {1, 2}));
  ASSERT_TRUE(pipeline->Send(Batch("silent", 1), {5}));
  ASSERT_TRUE(pipeline->Send(Batch("t", 1), {6}));
  ASSERT_TRUE(pipeline->Send(Batch("silent", 1), {7}));
  const PublishPipeline::End end = pipeline->Finish();
  EXPECT_EQ(end.status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(end.status.message(), "nothing was answered for 200ms");
  EXPECT_EQ(end.published, 1u);
  EXPECT_EQ(end.unanswered, 4u);
  EXPECT_THAT(end.unanswered_ranges,
              ElementsAre(FieldsAre(1, 5), FieldsAre(7, 7)));
}

TEST_F(PublishPipelineTest, SaysWhyItGaveUp) {
  options_.give_up_after = absl::Milliseconds(300);
  const auto pipeline = ToNode();
  ASSERT_TRUE(pipeline->Send(Batch("break", 1), {1}));
  while (pipeline->Check()) {
  }
  EXPECT_FALSE(pipeline->Send(Batch("t", 1), {2}));
  const PublishPipeline::End end = pipeline->Finish();
  EXPECT_EQ(end.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(end.status.message()),
              HasSubstr("nothing was answered for 300ms: "));
  EXPECT_THAT(std::string(end.status.message()), HasSubstr("broken"));
  EXPECT_THAT(end.unanswered_ranges, ElementsAre(FieldsAre(1, 1)));
}

TEST_F(PublishPipelineTest, WaitsWhileTooMuchIsUnanswered) {
  options_.give_up_after = absl::Milliseconds(200);
  const auto pipeline = ToNode();
  int sent = 0;
  while (pipeline->Send(Batch("silent", 1), {1})) ++sent;
  EXPECT_EQ(sent, 64);
  EXPECT_EQ(pipeline->Finish().unanswered, 64u);
}

TEST_F(PublishPipelineTest, EndsSoonWhenItsTimeIsOver) {
  StopSignal::Options in_time;
  in_time.timeout = absl::Milliseconds(50);
  StopSignal stop(in_time);
  const auto pipeline = To({node_.address()}, &stop);
  ASSERT_TRUE(pipeline->Send(Batch("silent", 1), {1}));
  // Or the test would end with the grace that a StopSignal gives.
  const PublishPipeline::End end = pipeline->Finish();
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_THAT(end.unanswered_ranges, ElementsAre(FieldsAre(1, 1)));
}

TEST(RefusalText, NamesTheRecordAtFault) {
  PublishPipeline::Refusal refusal;
  refusal.status =
      InvalidArgument("MESSAGE_TOO_LARGE", "messages[1].body", "too large");
  refusal.records = {11, 13, 14};
  EXPECT_EQ(RefusalText(refusal),
            "record 13: too large [MESSAGE_TOO_LARGE]; records 11 to 14 were "
            "refused with it");
  refusal.records = {11};
  EXPECT_EQ(RefusalText(refusal), "record 11: too large [MESSAGE_TOO_LARGE]");
}

TEST(RefusalText, NamesTheRangeWhenNoRecordIsAtFault) {
  PublishPipeline::Refusal refusal;
  refusal.status = absl::UnavailableError("draining");
  refusal.records = {1, 2, 3};
  EXPECT_THAT(RefusalText(refusal), HasSubstr("records 1 to 3: draining"));
}

TEST(UnansweredText, NamesTheRecords) {
  PublishPipeline::End end;
  end.unanswered = 1;
  end.unanswered_ranges = {{7, 7}};
  EXPECT_EQ(UnansweredText(end),
            "1 message was not answered, record 7; it may have been published");
  end.unanswered = 500;
  end.unanswered_ranges = {{1, 400}, {601, 700}};
  EXPECT_EQ(UnansweredText(end),
            "500 messages were not answered, records 1 to 400, records 601 to "
            "700; they may have been published");
}

TEST(UnansweredText, NamesSomeOfManyRanges) {
  PublishPipeline::End end;
  end.unanswered = 12;
  for (uint64_t i = 1; i <= 12; ++i) {
    end.unanswered_ranges.push_back({10 * i, 10 * i});
  }
  EXPECT_THAT(UnansweredText(end), HasSubstr("record 100 and 2 ranges more;"));
}

}  // namespace
}  // namespace sluice
