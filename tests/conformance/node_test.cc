// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/node_test.h"

#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"

namespace sluice {
namespace {

// The nodes by their flags.
class SharedNodes : public testing::Environment {
 public:
  NodeProcess& With(const std::vector<std::string>& flags) {
    std::unique_ptr<NodeProcess>& node = nodes_[flags];
    if (node == nullptr) {
      node = std::make_unique<NodeProcess>(flags);
      Start(*node);
    } else if (!node->running()) {
      ADD_FAILURE() << "the node ended in an earlier test with " << node->Wait()
                    << ": " << node->standard_error();
      Start(*node);
    }
    return *node;
  }

  void TearDown() override {
    for (auto& [flags, node] : nodes_) node->Kill(SIGTERM);
    for (auto& [flags, node] : nodes_) {
      EXPECT_EQ(node->Wait(), 0) << node->standard_error();
    }
    nodes_.clear();
  }

 private:
  static void Start(NodeProcess& node) {
    const absl::Status status = node.Start();
    if (status.ok()) return;
    // Nothing can be tested; a thousand failures would say no more.
    std::cerr << "the node does not start: " << status << std::endl;
    std::exit(1);
  }

  std::map<std::vector<std::string>, std::unique_ptr<NodeProcess>> nodes_;
};

SharedNodes& Nodes() {
  // gtest owns it.
  static SharedNodes* const nodes = [] {
    auto* made = new SharedNodes;
    testing::AddGlobalTestEnvironment(made);
    return made;
  }();
  return *nodes;
}

// Environments must be known before the first test runs.
const SharedNodes& registered_before_main = Nodes();

std::string UniqueName() {
  static int count = 0;
  std::string test =
      testing::UnitTest::GetInstance()->current_test_info()->name();
  // Between the name of a test and that of its parameter.
  std::replace(test.begin(), test.end(), '/', '-');
  return absl::StrCat(test.substr(0, 44), ".", ++count);
}

}  // namespace

NodeTest::NodeTest(const std::vector<std::string>& flags)
    : node_(Nodes().With(flags)),
      client_(node_.grpc_address()),
      topic_(UniqueName()) {}

}  // namespace sluice
