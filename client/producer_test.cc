// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// The Producer against nodes that do what real ones do not when asked.
#include "client/producer.h"

#include <atomic>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/scripted_node.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::SizeIs;

// The request ids that came, in order. Thread-safe.
class RequestLog {
 public:
  // How many there are with this one.
  size_t Add(const v1::PublishStreamRequest& request) {
    const absl::MutexLock lock(&mu_);
    ids_.push_back(request.publish().request_id());
    return ids_.size();
  }
  std::vector<std::string> ids() const {
    const absl::MutexLock lock(&mu_);
    return ids_;
  }

 private:
  mutable absl::Mutex mu_;
  std::vector<std::string> ids_ ABSL_GUARDED_BY(mu_);
};

std::unique_ptr<Producer> ProducerTo(const std::vector<std::string>& addresses,
                                     const ProducerOptions& options) {
  ClientOptions client;
  client.addresses = addresses;
  return *Producer::Create(*ClusterConnection::Create(client), options);
}

OutgoingMessage Text(const std::string& body) {
  OutgoingMessage message;
  message.body = body;
  return message;
}

TEST(Producer, AsksASilentNodeAgainUnderTheSameId) {
  RequestLog log;
  ScriptedNode node([&log](grpc::ServerContext*, ScriptedNode::Stream* stream) {
    v1::PublishStreamRequest request;
    while (stream->Read(&request)) {
      if (log.Add(request) > 1) AnswerStored(request, 7, stream);
    }
    return grpc::Status::OK;
  });
  ProducerOptions options;
  options.answer_timeout = absl::Milliseconds(100);
  const auto producer = ProducerTo({node.address()}, options);
  const auto published = producer->PublishAndWait("t", Text("x"));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->message_id, 7u);
  ASSERT_THAT(log.ids(), SizeIs(2));
  EXPECT_EQ(log.ids()[0], log.ids()[1]);
  EXPECT_EQ(producer->stats().retried, 1u);
  EXPECT_EQ(producer->stats().moved, 0u);
}

TEST(Producer, LeavesASilentNodeForAnotherInTheEnd) {
  RequestLog silent_log;
  ScriptedNode silent(
      [&silent_log](grpc::ServerContext*, ScriptedNode::Stream* stream) {
        v1::PublishStreamRequest request;
        while (stream->Read(&request)) silent_log.Add(request);
        return grpc::Status::OK;
      });
  RequestLog log;
  ScriptedNode node([&log](grpc::ServerContext*, ScriptedNode::Stream* stream) {
    v1::PublishStreamRequest request;
    while (stream->Read(&request)) {
      log.Add(request);
      AnswerStored(request, 1, stream);
    }
    return grpc::Status::OK;
  });
  ProducerOptions options;
  options.answer_timeout = absl::Milliseconds(100);
  options.same_node_patience = absl::Milliseconds(50);
  const auto producer = ProducerTo({silent.address(), node.address()}, options);
  const auto published = producer->PublishAndWait("t", Text("x"));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->node, node.address());
  EXPECT_EQ(producer->stats().moved, 1u);
  // The copy that may be on the silent one can be told by this.
  EXPECT_EQ(log.ids().front(), silent_log.ids().front());
}

TEST(Producer, AStreamThatEndsIsOpenedAgain) {
  std::atomic<int> streams{0};
  ScriptedNode node([&](grpc::ServerContext*, ScriptedNode::Stream* stream) {
    ++streams;
    v1::PublishStreamRequest request;
    if (stream->Read(&request)) AnswerStored(request, 1, stream);
    return grpc::Status::OK;
  });
  const auto producer = ProducerTo({node.address()}, ProducerOptions());
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(producer->PublishAndWait("t", Text("x")).ok());
  }
  EXPECT_GE(streams, 3);
}

TEST(Producer, LeavesAStreamAloneOnWhichAnswersComeSlowly) {
  ScriptedNode node([](grpc::ServerContext*, ScriptedNode::Stream* stream) {
    v1::PublishStreamRequest request;
    while (stream->Read(&request)) {
      absl::SleepFor(absl::Milliseconds(250));
      AnswerStored(request, 1, stream);
    }
    return grpc::Status::OK;
  });
  ProducerOptions options;
  options.max_batch_messages = 1;
  options.answer_timeout = absl::Seconds(1);
  const auto producer = ProducerTo({node.address()}, options);
  // The last is answered after more than the timeout, and none is late.
  for (int i = 0; i < 8; ++i) producer->Publish("t", Text("x"), nullptr);
  EXPECT_TRUE(producer->Flush(absl::Seconds(30)).ok());
  EXPECT_EQ(producer->stats().published, 8u);
  EXPECT_EQ(producer->stats().retried, 0u);
}

TEST(Producer, SaysOnceThatANodeIsAwayUntilItHasStoredSomething) {
  std::atomic<int> streams{0};
  ScriptedNode node([&](grpc::ServerContext*, ScriptedNode::Stream* stream) {
    const int number = ++streams;
    v1::PublishStreamRequest request;
    for (int i = 0; stream->Read(&request); ++i) {
      // The first two streams break at once, the third after an answer.
      if (number < 3 || (number == 3 && i > 0)) break;
      AnswerStored(request, 1, stream);
    }
    return grpc::Status::OK;
  });
  std::atomic<int> reports{0};
  ProducerOptions options;
  options.on_error = [&](const std::string& address,
                         const absl::Status& status) {
    EXPECT_EQ(address, node.address());
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    ++reports;
  };
  const auto producer = ProducerTo({node.address()}, options);
  EXPECT_TRUE(producer->PublishAndWait("t", Text("x")).ok());
  EXPECT_EQ(reports, 1);
  EXPECT_TRUE(producer->PublishAndWait("t", Text("x")).ok());
  EXPECT_EQ(reports, 2);
  EXPECT_EQ(streams, 4);
}

TEST(Producer, SaysWhyANodeTakesNothing) {
  std::atomic<int> requests{0};
  ScriptedNode node([&](grpc::ServerContext*, ScriptedNode::Stream* stream) {
    v1::PublishStreamRequest request;
    while (stream->Read(&request)) {
      if (++requests > 1) {
        AnswerStored(request, 1, stream);
        continue;
      }
      v1::PublishStreamResponse response;
      v1::PublishResult& result = *response.add_results();
      result.set_correlation_id(request.correlation_id());
      result.mutable_error()->set_code(grpc::StatusCode::RESOURCE_EXHAUSTED);
      result.mutable_error()->set_message("no room");
      stream->Write(response);
    }
    return grpc::Status::OK;
  });
  std::atomic<int> reports{0};
  ProducerOptions options;
  options.on_error = [&reports](const std::string&,
                                const absl::Status& status) {
    EXPECT_EQ(status.message(), "no room");
    ++reports;
  };
  const auto producer = ProducerTo({node.address()}, options);
  EXPECT_TRUE(producer->PublishAndWait("t", Text("x")).ok());
  EXPECT_EQ(reports, 1);
}

TEST(Producer, ARefusalByAllIsTheNodesOwn) {
  ScriptedNode node([](grpc::ServerContext*, ScriptedNode::Stream* stream) {
    v1::PublishStreamRequest request;
    while (stream->Read(&request)) {
      v1::PublishStreamResponse response;
      v1::PublishResult& result = *response.add_results();
      result.set_correlation_id(request.correlation_id());
      result.mutable_error()->set_code(grpc::StatusCode::PERMISSION_DENIED);
      result.mutable_error()->set_message("not you");
      stream->Write(response);
    }
    return grpc::Status::OK;
  });
  const auto producer = ProducerTo({node.address()}, ProducerOptions());
  const auto published = producer->PublishAndWait("t", Text("x"));
  EXPECT_EQ(published.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(published.status().message(), "not you");
}

}  // namespace
}  // namespace sluice
