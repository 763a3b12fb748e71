// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/publish_pipeline.h"

#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "cli/fake_node.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Answers requests in the order they come; the topic says how.
grpc::Status Answer(FakeNode::PublishStream* stream) {
  v1::PublishStreamRequest request;
  while (stream->Read(&request)) {
    if (request.publish().topic() == "silent") continue;
    if (request.publish().topic() == "break") {
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
    }
    v1::PublishStreamResponse response;
    v1::PublishResult* result = response.add_results();
    result->set_correlation_id(request.correlation_id());
    if (request.publish().topic() == "refused") {
      result->mutable_error()->set_code(
          static_cast<int>(absl::StatusCode::kNotFound));
    } else {
      result->mutable_published()->set_message_count(
          static_cast<uint32_t>(request.publish().messages_size()));
    }
    stream->Write(response);
  }
  return grpc::Status::OK;
}

class PublishPipelineTest : public ::testing::Test {
 protected:
  static v1::PublishRequest Batch(const std::string& topic, int messages) {
    v1::PublishRequest batch;
    batch.set_topic(topic);
    for (int i = 0; i < messages; ++i) batch.add_messages();
    return batch;
  }

  StopSignal stop_{StopSignal::Options()};
  FakeNode node_{FakeNode::PublishScript(Answer)};
  Connection connection_{node_.address(), Settings()};
  PublishPipeline pipeline_{connection_, &stop_};
};

TEST_F(PublishPipelineTest, CountsWhatWasPublished) {
  for (uint64_t i = 0; i < 1000; ++i) {
    ASSERT_TRUE(pipeline_.Send(Batch("t", 2), {2 * i + 1, 2 * i + 2}));
  }
  const PublishPipeline::End end = pipeline_.Finish();
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(end.published, 2000u);
  EXPECT_THAT(end.refusals, IsEmpty());
  EXPECT_THAT(end.unanswered, IsEmpty());
}

TEST_F(PublishPipelineTest, EndsWellWithoutAnyBatch) {
  const PublishPipeline::End end = pipeline_.Finish();
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(end.published, 0u);
}

TEST_F(PublishPipelineTest, StopsAtARefusal) {
  ASSERT_TRUE(pipeline_.Send(Batch("t", 1), {1}));
  ASSERT_TRUE(pipeline_.Send(Batch("refused", 2), {2, 3}));
  // More can be on its way before the answer is there, but not for ever.
  while (pipeline_.Send(Batch("t", 1), {4})) {
  }
  EXPECT_TRUE(stop_.stopped());
  const PublishPipeline::End end = pipeline_.Finish();
  ASSERT_EQ(end.refusals.size(), 1u);
  EXPECT_EQ(end.refusals[0].status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(end.refusals[0].records, ElementsAre(2, 3));
  EXPECT_GE(end.published, 1u);
}

TEST_F(PublishPipelineTest, NamesWhatWasNotAnsweredWhenTheStreamBreaks) {
  ASSERT_TRUE(pipeline_.Send(Batch("silent", 2), {1, 2}));
  ASSERT_TRUE(pipeline_.Send(Batch("break", 1), {5}));
  // These find the stream broken, sooner or later, and are certainly not
  // published.
  while (pipeline_.Send(Batch("silent", 1), {6})) {
  }
  const PublishPipeline::End end = pipeline_.Finish();
  EXPECT_EQ(end.status.code(), absl::StatusCode::kUnavailable);
  ASSERT_GE(end.unanswered.size(), 3u);
  EXPECT_EQ(end.unanswered[0], 1u);
  EXPECT_EQ(end.unanswered[2], 5u);
  EXPECT_TRUE(stop_.stopped());
}

TEST_F(PublishPipelineTest, WaitsWhileTooMuchIsUnanswered) {
  int sent = 0;
  std::thread stopper([this] {
    // Nothing is ever answered, so Send below must come to wait.
    stop_.Stop();
  });
  while (pipeline_.Send(Batch("silent", 1), {1})) ++sent;
  stopper.join();
  EXPECT_LE(sent, 64);
  EXPECT_EQ(pipeline_.Finish().published, 0u);
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

}  // namespace
}  // namespace sluice
