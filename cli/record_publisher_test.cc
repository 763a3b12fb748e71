// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/record_publisher.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "cli/fake_node.h"
#include "client/cluster_connection.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;

class RecordPublisherTest : public ::testing::Test {
 protected:
  RecordPublisherTest() {
    options_.topic = "t";
    ClientOptions client;
    client.addresses = {node_.address()};
    pipeline_ = *PublishPipeline::Create(*ClusterConnection::Create(client),
                                         PublishPipeline::Options(), &stop_,
                                         [](const std::string&) {});
  }

  RecordPublisher Make() {
    return RecordPublisher(options_, pipeline_.get(), &progress_, &stop_);
  }

  // The bodies of each batch that came, with blanks between them.
  std::vector<std::string> Batches() {
    EXPECT_EQ(pipeline_->Finish().unanswered, 0u);
    const absl::MutexLock lock(&mu_);
    return batches_;
  }

  grpc::Status Take(FakeNode::PublishStream* stream) {
    v1::PublishStreamRequest request;
    while (stream->Read(&request)) {
      std::string bodies;
      for (const v1::Message& message : request.publish().messages()) {
        absl::StrAppend(&bodies, bodies.empty() ? "" : " ", message.body());
      }
      {
        const absl::MutexLock lock(&mu_);
        batches_.push_back(bodies);
      }
      v1::PublishStreamResponse response;
      v1::PublishResult* result = response.add_results();
      result->set_correlation_id(request.correlation_id());
      result->mutable_published()->set_message_count(1);
      stream->Write(response);
    }
    return grpc::Status::OK;
  }

  absl::Mutex mu_;
  std::vector<std::string> batches_ ABSL_GUARDED_BY(mu_);

  RecordPublisher::Options options_;
  StopSignal stop_{StopSignal::Options()};
  Progress progress_{"published", Clock::Real(), nullptr};
  FakeNode node_{FakeNode::PublishScript(
      [this](FakeNode::PublishStream* stream) { return Take(stream); })};
  std::unique_ptr<PublishPipeline> pipeline_;
};

TEST_F(RecordPublisherTest, SendsABatchWhenItIsFull) {
  options_.batch.messages = 2;
  RecordPublisher publisher = Make();
  for (const char* record : {"a", "b", "c"}) {
    EXPECT_TRUE(publisher.Add(record, 1));
  }
  EXPECT_FALSE(publisher.empty());
  EXPECT_TRUE(publisher.Tick());
  EXPECT_TRUE(publisher.empty());
  EXPECT_THAT(Batches(), ElementsAre("a b", "c"));
}

TEST_F(RecordPublisherTest, SendsWhatThereIsBeforeARecordThatIsTooLargeForIt) {
  options_.batch.bytes = 4;
  RecordPublisher publisher = Make();
  for (const char* record : {"a", "bcdef", "g"}) {
    EXPECT_TRUE(publisher.Add(record, 1));
  }
  EXPECT_TRUE(publisher.Flush());
  EXPECT_THAT(Batches(), ElementsAre("a", "bcdef", "g"));
}

TEST_F(RecordPublisherTest, LetsNothingWaitForItsTurnInABatch) {
  options_.rate = 20;
  RecordPublisher publisher = Make();
  for (const char* record : {"a", "b", "c"}) {
    EXPECT_TRUE(publisher.Add(record, 1));
  }
  EXPECT_TRUE(publisher.Flush());
  EXPECT_THAT(Batches(), ElementsAre("a", "b", "c"));
}

TEST_F(RecordPublisherTest, TakesNothingOnceItIsTimeToStop) {
  options_.rate = 0.001;
  RecordPublisher publisher = Make();
  EXPECT_TRUE(publisher.Add("a", 1));
  stop_.Stop();
  // It would be its turn in a quarter of an hour.
  EXPECT_FALSE(publisher.Add("b", 2));
}

}  // namespace
}  // namespace sluice
