// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CLIENT_CLIENT_FIXTURE_H_
#define SLUICE_TESTS_CLIENT_CLIENT_FIXTURE_H_

#include <signal.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "client/cluster_connection.h"
#include "client/handler_result.h"
#include "client/message.h"
#include "client/publication.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/node_process.h"

namespace sluice {

// A test of the client library with real nodes.
class ClientTest : public testing::Test {
 protected:
  // Starts so many nodes, each of which comes back where it was.
  void StartNodes(int count) {
    for (int i = 0; i < count; ++i) {
      nodes_.push_back(std::make_unique<NodeProcess>());
      NodeProcess& node = *nodes_.back();
      ASSERT_TRUE(node.Start().ok()) << node.standard_error();
      node.set_flags({absl::StrCat("--grpc-address=", node.grpc_address())});
    }
  }

  std::string Address(size_t i) const { return nodes_[i]->grpc_address(); }
  NodeProcess& node(size_t i) { return *nodes_[i]; }

  void KillNode(size_t i) {
    nodes_[i]->Kill(SIGKILL);
    nodes_[i]->Wait();
  }
  void RestartNode(size_t i) {
    ASSERT_TRUE(nodes_[i]->Start().ok()) << nodes_[i]->standard_error();
  }

  // To all nodes started so far.
  std::shared_ptr<ClusterConnection> Connect() {
    ClientOptions options;
    for (const auto& node : nodes_) {
      options.addresses.push_back(node->grpc_address());
    }
    return *ClusterConnection::Create(options);
  }

  static OutgoingMessage Text(const std::string& body) {
    OutgoingMessage message;
    message.body = body;
    return message;
  }

  // What a topic's log holds on a node, in order.
  std::vector<std::string> Stored(size_t i, const std::string& topic) {
    NodeClient client(Address(i));
    std::vector<std::string> bodies;
    v1::PeekMessagesRequest request;
    request.set_topic(topic);
    request.set_from_message_id(1);
    request.set_limit(1000);
    while (true) {
      v1::PeekMessagesResponse response;
      if (!client.Call(request, &response).ok()) return bodies;
      if (response.messages_size() == 0) return bodies;
      for (const v1::PeekedMessage& message : response.messages()) {
        bodies.push_back(message.body());
        request.set_from_message_id(message.message_id() + 1);
      }
    }
  }

  std::vector<std::unique_ptr<NodeProcess>> nodes_;
};

// What handlers have seen. Thread-safe.
class Inbox {
 public:
  HandlerResult Take(const Message& message) {
    const absl::MutexLock lock(&mu_);
    bodies_.push_back(message.body);
    attempts_.push_back(message.attempts);
    nodes_.insert(message.node);
    return HandlerResult::Finish();
  }
  size_t size() const {
    const absl::MutexLock lock(&mu_);
    return bodies_.size();
  }
  std::vector<std::string> bodies() const {
    const absl::MutexLock lock(&mu_);
    return bodies_;
  }
  std::set<std::string> distinct() const {
    const absl::MutexLock lock(&mu_);
    return {bodies_.begin(), bodies_.end()};
  }
  std::vector<uint32_t> attempts() const {
    const absl::MutexLock lock(&mu_);
    return attempts_;
  }
  std::set<std::string> nodes() const {
    const absl::MutexLock lock(&mu_);
    return nodes_;
  }

 private:
  mutable absl::Mutex mu_;
  std::vector<std::string> bodies_ ABSL_GUARDED_BY(mu_);
  std::vector<uint32_t> attempts_ ABSL_GUARDED_BY(mu_);
  std::set<std::string> nodes_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CLIENT_CLIENT_FIXTURE_H_
