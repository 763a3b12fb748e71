// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/subscription.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/fake_node.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;

// What a client sent, in a short form: "ready 3", "finish 1 2", "close".
std::string Short(const v1::SubscribeRequest& request) {
  switch (request.command_case()) {
    case v1::SubscribeRequest::kOpen:
      return "open";
    case v1::SubscribeRequest::kReady:
      return absl::StrCat("ready ", request.ready().count());
    case v1::SubscribeRequest::kFinish:
      return absl::StrCat("finish ",
                          absl::StrJoin(request.finish().delivery_ids(), " "));
    case v1::SubscribeRequest::kRequeue:
      return absl::StrCat(
          request.requeue().keep_attempts() ? "give back " : "requeue ",
          absl::StrJoin(request.requeue().delivery_ids(), " "));
    case v1::SubscribeRequest::kClose:
      return "close";
    default:
      return "?";
  }
}

// The node's side of one subscription.
class Session {
 public:
  explicit Session(FakeNode::SubscribeStream* stream) : stream_(*stream) {}

  // Reads commands up to and including the one that starts with `last`.
  void ReadUntil(const std::string& last) {
    v1::SubscribeRequest request;
    while (stream_.Read(&request)) {
      commands_.push_back(Short(request));
      if (commands_.back().rfind(last, 0) == 0) return;
    }
  }
  void SendOpened(uint32_t max_ready = 2500) {
    v1::SubscribeResponse response;
    response.mutable_opened()->set_max_ready(max_ready);
    stream_.Write(response);
  }
  // Deliveries of these ids, each with its id and so many blanks as the body.
  void Deliver(const std::vector<uint64_t>& ids, size_t blanks = 0) {
    v1::SubscribeResponse response;
    for (const uint64_t id : ids) {
      v1::Delivery* delivery = response.mutable_deliveries()->add_deliveries();
      delivery->set_delivery_id(id);
      delivery->set_body(absl::StrCat(id, std::string(blanks, ' ')));
    }
    stream_.Write(response);
  }
  void SendDraining() {
    v1::SubscribeResponse response;
    response.mutable_draining();
    stream_.Write(response);
  }
  void SendLate(uint64_t id) {
    v1::SubscribeResponse response;
    v1::CommandResult* result = response.mutable_results()->add_results();
    result->set_delivery_id(id);
    result->set_outcome(v1::COMMAND_OUTCOME_NOT_IN_FLIGHT);
    stream_.Write(response);
  }
  const std::vector<std::string>& commands() const { return commands_; }

 private:
  FakeNode::SubscribeStream& stream_;
  std::vector<std::string> commands_;
};

class SubscriptionTest : public ::testing::Test {
 protected:
  using Script = std::function<void(Session*)>;

  SubscriptionTest() { EXPECT_EQ(pipe(fds_), 0); }
  ~SubscriptionTest() override {
    close(fds_[0]);
    close(fds_[1]);
  }

  // Runs against a node that does `script` and then ends the stream.
  SubscriptionEnd Run(const Script& script) {
    FakeNode node([&](FakeNode::SubscribeStream* stream) {
      Session session(stream);
      script(&session);
      commands_ = session.commands();
      return status_;
    });
    const Connection connection(node.address(), Settings());
    DeliveryWriter writer(fds_[1], OutputFormat::kRaw, "\n");
    return RunSubscription(connection, options_, &writer, &stop_,
                           [](uint64_t) {});
  }

  std::string Written() {
    fcntl(fds_[0], F_SETFL, O_NONBLOCK);
    std::string text(1 << 16, '\0');
    const ssize_t got = read(fds_[0], text.data(), text.size());
    text.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return text;
  }

  // First, as it must be there before gRPC's threads.
  StopSignal stop_{StopSignal::Options()};
  int fds_[2];
  SubscriptionOptions options_;
  grpc::Status status_;
  std::vector<std::string> commands_;
};

TEST_F(SubscriptionTest, LowersReadyBeforeItFinishesAndClosesAtTheLimit) {
  options_.limit = 3;
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->ReadUntil("ready");
    node->Deliver({1, 2});
    node->ReadUntil("finish");
    node->Deliver({3});
    node->ReadUntil("close");
  });
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(end.received, 3u);
  EXPECT_EQ(Written(), "1\n2\n3\n");
  EXPECT_THAT(commands_, ElementsAre("open", "ready 3", "ready 1", "finish 1 2",
                                     "ready 0", "finish 3", "close"));
}

TEST_F(SubscriptionTest, AsksForNoMoreThanTheNodeAllows) {
  Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened(100);
    node->ReadUntil("ready");
  });
  EXPECT_THAT(commands_, ElementsAre("open", "ready 100"));
}

TEST_F(SubscriptionTest, GivesBackWhatComesBeyondTheLimit) {
  options_.limit = 1;
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->Deliver({1, 2});
    node->ReadUntil("close");
  });
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(Written(), "1\n");
  EXPECT_THAT(commands_, ElementsAre("open", "ready 1", "ready 0", "finish 1",
                                     "give back 2", "close"));
}

TEST_F(SubscriptionTest, TakesNothingWithALimitOfZero) {
  options_.limit = 0;
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->ReadUntil("close");
  });
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_THAT(commands_, ElementsAre("open", "close"));
}

TEST_F(SubscriptionTest, HoldsMessagesToRequeueUntilItHasClosed) {
  options_.limit = 2;
  options_.requeue = true;
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->Deliver({1});
    node->Deliver({2});
    node->ReadUntil("requeue");
  });
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(Written(), "1\n2\n");
  EXPECT_THAT(commands_,
              ElementsAre("open", "ready 2", "close", "requeue 1 2"));
}

TEST_F(SubscriptionTest, RefusesToRequeueMoreThanCanBeHeld) {
  options_.limit = 101;
  options_.requeue = true;
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened(100);
    node->ReadUntil("close");
  });
  EXPECT_EQ(end.status.code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(SubscriptionTest, GivesBackWhatCouldNotBeWritten) {
  fcntl(fds_[1], F_SETFL, O_NONBLOCK);
  fcntl(fds_[1], F_SETPIPE_SZ, 4096);
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->Deliver({1, 2}, 3000);
    node->ReadUntil("close");
  });
  EXPECT_EQ(end.status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(end.received, 1u);
  EXPECT_THAT(commands_, ElementsAre("open", "ready 2500", "finish 1",
                                     "give back 2", "close"));
}

TEST_F(SubscriptionTest, ClosesInGoodOrderWhenStopped) {
  const SubscriptionEnd end = Run([this](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->Deliver({1});
    node->ReadUntil("finish");
    stop_.Stop();
    node->ReadUntil("close");
    node->Deliver({2});
    node->ReadUntil("give back");
  });
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(end.received, 1u);
  EXPECT_EQ(Written(), "1\n");
  EXPECT_THAT(commands_, ElementsAre("open", "ready 2500", "finish 1", "close",
                                     "give back 2"));
}

TEST_F(SubscriptionTest, CancelsWhenStoppedBeforeItIsOpened) {
  const SubscriptionEnd end = Run([this](Session* node) {
    node->ReadUntil("open");
    stop_.Stop();
    node->ReadUntil("nothing");
  });
  EXPECT_TRUE(end.status.ok()) << end.status;
}

TEST_F(SubscriptionTest, ReportsWhyTheNodeRefused) {
  status_ = grpc::Status(grpc::StatusCode::NOT_FOUND, "no such topic");
  const SubscriptionEnd end =
      Run([](Session* node) { node->ReadUntil("open"); });
  EXPECT_EQ(end.status, absl::NotFoundError("no such topic"));
}

TEST_F(SubscriptionTest, IsUnavailableWhenTheNodeGoesAway) {
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->SendDraining();
    node->ReadUntil("close");
  });
  EXPECT_EQ(end.status.code(), absl::StatusCode::kUnavailable);
}

TEST_F(SubscriptionTest, IsUnavailableThenAlsoWhereItFinishesNothing) {
  options_.open.set_auto_finish(true);
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->SendDraining();
    node->ReadUntil("never");  // it cancels
  });
  EXPECT_EQ(end.status.code(), absl::StatusCode::kUnavailable) << end.status;
}

TEST_F(SubscriptionTest, IsUnavailableWhenTheStreamJustEnds) {
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
  });
  EXPECT_EQ(end.status.code(), absl::StatusCode::kUnavailable);
}

TEST_F(SubscriptionTest, FailsWhenTheLastFinishIsNotAnswered) {
  options_.limit = 1;
  status_ = grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone");
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->Deliver({1});
    node->ReadUntil("finish");
  });
  EXPECT_EQ(end.status.code(), absl::StatusCode::kUnavailable);
}

TEST_F(SubscriptionTest, CountsCommandsThatCameTooLate) {
  options_.limit = 1;
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->Deliver({1});
    node->ReadUntil("close");
    node->SendLate(1);
  });
  EXPECT_EQ(end.late, 1u);
}

TEST_F(SubscriptionTest, SendsNoCommandsWithAutoFinish) {
  options_.limit = 2;
  options_.open.set_auto_finish(true);
  options_.open.set_ready(1);
  const SubscriptionEnd end = Run([](Session* node) {
    node->ReadUntil("open");
    node->SendOpened();
    node->Deliver({1, 2, 3});
    node->ReadUntil("nothing");
  });
  EXPECT_TRUE(end.status.ok()) << end.status;
  EXPECT_EQ(Written(), "1\n2\n");
  EXPECT_THAT(commands_, ElementsAre("open"));
}

}  // namespace
}  // namespace sluice
