// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// Verbs that find their nodes through lookups: two real ones, and two nodes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "tests/cli/cli_test_fixture.h"
#include "tests/lookup_process.h"

namespace sluice {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LookupVerbs : public CliTest {
 protected:
  void SetUp() override {
    for (LookupProcess& lookup : lookups_) {
      ASSERT_TRUE(lookup.Start().ok()) << lookup.standard_error();
    }
    for (NodeProcess& node : nodes_) {
      node.set_flags(NodeFlags("127.0.0.1"));
      ASSERT_TRUE(node.Start().ok()) << node.standard_error();
    }
    ASSERT_TRUE(Until({"nodes", "--output=json"}, [&](const CliResult& nodes) {
      return absl::StrContains(nodes.output, Port(0)) &&
             absl::StrContains(nodes.output, Port(1));
    }));
  }

  std::vector<std::string> NodeFlags(const std::string& broadcast) {
    std::vector<std::string> flags = {"--broadcast-address=" + broadcast};
    for (LookupProcess& lookup : lookups_) {
      flags.push_back("--lookup-address=" + lookup.grpc_address());
    }
    return flags;
  }

  // As it stands in JSON.
  std::string Port(size_t node) {
    const std::string& address = nodes_[node].grpc_address();
    return absl::StrCat("\"grpcPort\": ",
                        address.substr(address.rfind(':') + 1));
  }

  SluiceProcess::Options WithLookups(std::vector<std::string> arguments) {
    SluiceProcess::Options options;
    options.arguments = std::move(arguments);
    options.environment["SLUICE_LOOKUP"] = absl::StrCat(
        lookups_[0].grpc_address(), ",", lookups_[1].grpc_address());
    return options;
  }

  CliResult Look(std::vector<std::string> arguments) {
    SluiceProcess process(WithLookups(std::move(arguments)));
    CliResult result;
    result.code = process.Wait();
    result.output = process.output();
    result.error = process.error();
    return result;
  }

  template <typename Condition>
  bool Until(const std::vector<std::string>& arguments,
             const Condition& condition) {
    for (int i = 0; i < 200; ++i) {
      if (condition(Look(arguments))) return true;
      absl::SleepFor(absl::Milliseconds(50));
    }
    return false;
  }

  // Each node gets the topic, and a message that names it.
  void PublishOnBoth() {
    ASSERT_EQ(Look({"topic", "create", topic_}).code, kOk);
    ASSERT_EQ(Look({"channel", "create", topic_, "c"}).code, kOk);
    for (NodeProcess& node : nodes_) {
      ASSERT_EQ(Run({"pub", topic_, "-m", node.grpc_address(),
                     "--address=" + node.grpc_address()})
                    .code,
                kOk);
    }
    ASSERT_TRUE(Until({"lookup", topic_, "--output=json"}, [&](const auto& r) {
      return absl::StrContains(r.output, Port(0)) &&
             absl::StrContains(r.output, Port(1));
    }));
  }

  LookupProcess lookups_[2];
  NodeProcess nodes_[2];
};

TEST_F(LookupVerbs, ShowWhoHasATopic) {
  EXPECT_EQ(Look({"lookup", topic_}).code, kNotFound);
  ASSERT_EQ(
      Run({"pub", topic_, "-m", "a", "--address=" + nodes_[0].grpc_address()})
          .code,
      kOk);
  EXPECT_TRUE(Until({"lookup", topic_}, [](const CliResult& result) {
    return result.code == kOk;
  }));
  const CliResult table = Look({"lookup", topic_});
  EXPECT_THAT(table.output, AllOf(HasSubstr(lookups_[0].grpc_address()),
                                  HasSubstr(nodes_[0].grpc_address()),
                                  Not(HasSubstr(nodes_[1].grpc_address()))));
}

TEST_F(LookupVerbs, AdministerEveryNodeThatHasTheTopic) {
  PublishOnBoth();
  const CliResult info = Look({"topic", "info", topic_});
  EXPECT_THAT(info.output, AllOf(HasSubstr(nodes_[0].grpc_address()),
                                 HasSubstr(nodes_[1].grpc_address())));
  const CliResult stats = Look({"stats", topic_, "--output=jsonl"});
  EXPECT_EQ(json::parse(stats.output)["messageCount"], "2");
  EXPECT_EQ(Look({"topic", "rm", topic_, "--yes"}).code, kOk);
  EXPECT_TRUE(Until({"lookup", topic_}, [](const CliResult& result) {
    return result.code == kNotFound;
  }));
  EXPECT_EQ(Look({"topic", "info", topic_}).code, kNotFound);
}

TEST_F(LookupVerbs, ConsumeFromEveryNodeThatHasTheTopic) {
  PublishOnBoth();
  const CliResult both = Look({"sub", topic_, "c", "-n", "2"});
  EXPECT_EQ(both.code, kOk) << both.error;
  EXPECT_THAT(both.output, AllOf(HasSubstr(nodes_[0].grpc_address()),
                                 HasSubstr(nodes_[1].grpc_address())));
}

TEST_F(LookupVerbs, PublishOnANodeThatLives) {
  nodes_[0].Kill(SIGKILL);
  nodes_[0].Wait();
  EXPECT_EQ(Look({"pub", topic_, "-m", "a"}).code, kOk);
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "1",
                 "--address=" + nodes_[1].grpc_address()})
                .output,
            "a\n");
}

TEST_F(LookupVerbs, GoOnWithoutOneOfTheLookups) {
  lookups_[0].Kill(SIGKILL);
  lookups_[0].Wait();
  const CliResult nodes = Look({"nodes"});
  EXPECT_EQ(nodes.code, kOk);
  EXPECT_THAT(nodes.output, HasSubstr(nodes_[1].grpc_address()));
  EXPECT_THAT(nodes.error, HasSubstr(lookups_[0].grpc_address()));
}

TEST_F(LookupVerbs, DetectABroadcastAddressThatLeadsElsewhere) {
  EXPECT_THAT(Look({"nodes"}).error, IsEmpty());
  nodes_[1].Kill(SIGTERM);
  ASSERT_EQ(nodes_[1].Wait(), 0);
  nodes_[1].set_flags(NodeFlags("nowhere.invalid"));
  ASSERT_TRUE(nodes_[1].Start().ok());
  EXPECT_TRUE(Until({"nodes"}, [](const CliResult& nodes) {
    return nodes.code == kUnavailable &&
           absl::StrContains(nodes.output, "unreachable") &&
           absl::StrContains(nodes.error, "--broadcast-address");
  }));
}

TEST_F(LookupVerbs, HideANodeForATopic) {
  PublishOnBoth();
  const json nodes = json::parse(Look({"nodes", "--output=json"}).output);
  const std::string id = nodes["nodes"][0]["nodeId"];
  EXPECT_EQ(Look({"lookup", topic_, "--tombstone=" + id}).code, kOk);
  const json found =
      json::parse(Look({"lookup", topic_, "--output=jsonl"}).output);
  ASSERT_EQ(found["producers"].size(), 1u);
  EXPECT_NE(found["producers"][0]["nodeId"], id);
}

}  // namespace
}  // namespace sluice
