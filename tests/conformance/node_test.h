// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CONFORMANCE_NODE_TEST_H_
#define SLUICE_TESTS_CONFORMANCE_NODE_TEST_H_

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/node_process.h"

namespace sluice {

// A test against a running node. Starting one takes long, so all tests that
// want the same flags share a node, which is started on first use and stopped
// (cleanly, or the run fails) after the last test. Hence a test must use names
// of its own: `topic()`, or what it derives from it.
class NodeTest : public testing::Test {
 protected:
  explicit NodeTest(const std::vector<std::string>& flags = {});

  NodeClient& client() { return client_; }
  NodeProcess& node() { return node_; }
  // A name that no other test uses, at most 50 characters.
  const std::string& topic() const { return topic_; }

 private:
  NodeProcess& node_;
  NodeClient client_;
  const std::string topic_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CONFORMANCE_NODE_TEST_H_
