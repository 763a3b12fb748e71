// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// Verbs that carry messages to other servers, and the one that measures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "httplib.h"
#include "nlohmann/json.hpp"
#include "tests/cli/cli_test_fixture.h"

namespace sluice {
namespace {

using nlohmann::json;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// An HTTP server that remembers bodies and queries.
class Receiver {
 public:
  Receiver() {
    const auto take = [this](const httplib::Request& request,
                             httplib::Response& response) {
      const absl::MutexLock lock(&mu_);
      response.status = failures_ > 0 ? 503 : 200;
      if (failures_ > 0) {
        --failures_;
        return;
      }
      received_.push_back(request.method == "GET" ? request.get_param_value("m")
                                                  : request.body);
      types_.push_back(request.get_header_value("Content-Type"));
    };
    server_.Post("/in", take);
    server_.Get("/in", take);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Receiver() {
    server_.stop();
    thread_.join();
  }

  void FailNext(int count) {
    const absl::MutexLock lock(&mu_);
    failures_ = count;
  }
  std::string Url(const std::string& query = "") const {
    return absl::StrCat("http://127.0.0.1:", port_, "/in", query);
  }
  // Waits for so many.
  std::vector<std::string> Wait(size_t count) {
    const absl::MutexLock lock(&mu_);
    wanted_ = count;
    mu_.AwaitWithTimeout(absl::Condition(this, &Receiver::Enough),
                         absl::Seconds(20));
    return received_;
  }
  std::vector<std::string> types() {
    const absl::MutexLock lock(&mu_);
    return types_;
  }

 private:
  bool Enough() const ABSL_SHARED_LOCKS_REQUIRED(mu_) {
    return received_.size() >= wanted_;
  }

  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  absl::Mutex mu_;
  std::vector<std::string> received_ ABSL_GUARDED_BY(mu_);
  std::vector<std::string> types_ ABSL_GUARDED_BY(mu_);
  size_t wanted_ ABSL_GUARDED_BY(mu_) = 0;
  int failures_ ABSL_GUARDED_BY(mu_) = 0;
};

class ToHttp : public CliTest {};

TEST_F(ToHttp, PostsMessagesAndFinishesThem) {
  Receiver receiver;
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b", "c"}).code, kOk);
  SluiceProcess send(With({"to-http", topic_, "--post=" + receiver.Url(),
                           "--content-type=text/x"}));
  EXPECT_THAT(receiver.Wait(3), UnorderedElementsAre("a", "b", "c"));
  EXPECT_THAT(receiver.types(), Each("text/x"));
  EXPECT_TRUE(WaitForStats("\"finishCount\":\"3\""));
  send.Signal(SIGTERM);
  EXPECT_EQ(send.Wait(), kInterrupted);
}

TEST_F(ToHttp, GetsWithTheBodyInTheUrl) {
  Receiver receiver;
  ASSERT_EQ(Run({"pub", topic_, "-m", "a b&c=/"}).code, kOk);
  SluiceProcess send(
      With({"to-http", topic_, "--get=" + receiver.Url("?m=%s")}));
  EXPECT_THAT(receiver.Wait(1), UnorderedElementsAre("a b&c=/"));
}

TEST_F(ToHttp, GivesBackWhatTheServerDoesNotTake) {
  Receiver receiver;
  receiver.FailNext(1);
  ASSERT_EQ(Run({"pub", topic_, "-m", "a"}).code, kOk);
  SluiceProcess send(With({"to-http", topic_, "--post=" + receiver.Url()}));
  EXPECT_THAT(receiver.Wait(1), UnorderedElementsAre("a"));
  EXPECT_TRUE(WaitForStats("\"finishCount\":\"1\""));
  EXPECT_TRUE(WaitForStats("\"requeueCount\":\"1\""));
  EXPECT_THAT(send.error(), HasSubstr("answered 503"));
}

TEST_F(ToHttp, SendsEachMessageToAll) {
  Receiver one, other;
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b"}).code, kOk);
  SluiceProcess send(With({"to-http", topic_, "--mode=all",
                           "--post=" + one.Url(), "--post=" + other.Url()}));
  EXPECT_THAT(one.Wait(2), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(other.Wait(2), UnorderedElementsAre("a", "b"));
}

class Relay : public CliTest {
 protected:
  void SetUp() override { ASSERT_TRUE(target_.Start().ok()); }

  std::string OnTarget() const { return "--address=" + target_.grpc_address(); }

  // Relays until channel `channel` has nothing left.
  void Carry(const std::string& channel, std::vector<std::string> flags) {
    std::vector<std::string> arguments = {"relay", topic_,
                                          "--to=" + target_.grpc_address(),
                                          "--channel=" + channel};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    SluiceProcess relay(With(std::move(arguments)));
    bool done = false;
    for (int i = 0; i < 200 && !done; ++i) {
      const CliResult stats = Run({"stats", topic_, "--output=jsonl"});
      if (stats.code != kOk) continue;
      const json topic = json::parse(stats.output);
      for (const json& each : topic["channels"]) {
        done = done || (each["channel"] == channel && each["depth"] == "0" &&
                        each["inFlightCount"] == "0");
      }
    }
    EXPECT_TRUE(done);
    relay.Signal(SIGTERM);
    EXPECT_EQ(relay.Wait(), kInterrupted);
  }

  json Peek(const std::string& topic) {
    const CliResult peek = Run({"peek", topic, "--output=json", OnTarget()});
    return peek.code == kOk ? json::parse(peek.output)["messages"] : json();
  }

  NodeProcess target_;
};

TEST_F(Relay, PublishesElsewhereWithAttributes) {
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b", "-a", "k=v"}).code, kOk);
  Carry("relay", {"--to-topic=copy"});
  const json messages = Peek("copy");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0]["attributes"], json({{"k", "v"}}));
}

TEST_F(Relay, StoresOnceWhatItCarriesTwice) {
  for (const char* channel : {"first", "second"}) {
    ASSERT_EQ(Run({"topic", "create", topic_}).code, kOk);
    ASSERT_EQ(Run({"channel", "create", topic_, channel}).code, kOk);
  }
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b"}).code, kOk);
  Carry("first", {});
  ASSERT_EQ(Peek(topic_).size(), 2u);
  Carry("second", {});
  EXPECT_EQ(Peek(topic_).size(), 2u);
}

TEST_F(Relay, LeavesOutWhatIsNotWanted) {
  ASSERT_EQ(Run({"pub", topic_, "-m", R"({"kind":"x","n":1,"secret":2})",
                 R"({"kind":"y"})", "no json"})
                .code,
            kOk);
  Carry("relay", {"--require-json-field=kind", "--require-json-value=x",
                  "--keep-json-field=kind", "--keep-json-field=n"});
  const CliResult got = Run({"sub", topic_, "c", "--timeout=1s", OnTarget()});
  EXPECT_EQ(got.output, "{\"kind\":\"x\",\"n\":1}\n");
}

TEST_F(Relay, RefusesToGoRoundInCircles) {
  const CliResult circle =
      Run({"relay", topic_, "--to=" + node_->grpc_address()});
  EXPECT_EQ(circle.code, kUsage);
  EXPECT_THAT(circle.error, HasSubstr("circles"));
}

class Bench : public CliTest {};

TEST_F(Bench, MeasuresBothSidesAndLeavesNothing) {
  const CliResult result = Run({"bench", "-n", "5000", "--output=json"});
  ASSERT_EQ(result.code, kOk) << result.error;
  const json results = json::parse(result.output)["results"];
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0]["what"], "published");
  EXPECT_EQ(results[0]["messages"], 5000);
  EXPECT_GT(results[0]["latency"]["p99"], 0.0);
  EXPECT_EQ(results[1]["messages"], 5000);
  EXPECT_THAT(Run({"topic", "ls"}).output, Not(HasSubstr("sluice-bench")));
}

TEST_F(Bench, KeepsToARateAndATime) {
  const CliResult result =
      Run({"bench", topic_, "--mode=publish", "--rate=1000", "--duration=300ms",
           "--output=jsonl"});
  ASSERT_EQ(result.code, kOk) << result.error;
  const json published = json::parse(result.output);
  EXPECT_LE(published["messages"], 330);
  EXPECT_GE(published["messages"], 30);
  // What stays can be consumed.
  const CliResult consumed =
      Run({"bench", topic_, "--mode=consume", "-n", "30", "--output=jsonl"});
  EXPECT_EQ(consumed.code, kOk) << consumed.error;
  EXPECT_GE(json::parse(consumed.output)["messages"], 30);
}

TEST_F(Bench, EndsWhenItIsInterrupted) {
  SluiceProcess bench(With({"bench", topic_, "--rate=100"}));
  ASSERT_TRUE(WaitForStats("\"channel\":\"bench\""));
  bench.Signal(SIGINT);
  EXPECT_EQ(bench.Wait(), kInterrupted);
}

}  // namespace
}  // namespace sluice
