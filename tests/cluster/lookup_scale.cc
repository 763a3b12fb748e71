// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Measures a lookup server that knows many nodes: how much memory it takes, how
// long it takes to tell it all, and how fast it then answers. Prints a line of
// each.
//
//   bazel run //tests/cluster:lookup_scale -- [NODES] [TOPICS]
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "sluice/v1/lookup.grpc.pb.h"
#include "tests/lookup_process.h"

namespace sluice {
namespace {

constexpr int kConnections = 8;  // with a thread each
constexpr int kQuestions = 1000;

std::unique_ptr<v1::LookupService::Stub> Connect(const std::string& address) {
  grpc::ChannelArguments own;
  own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return v1::LookupService::NewStub(grpc::CreateCustomChannel(
      address, grpc::InsecureChannelCredentials(), own));
}

// One node with all its topics, for as long as the object lives.
class Registered {
 public:
  Registered(v1::LookupService::Stub* stub, int number, int topics)
      : stream_(stub->Register(&context_)) {
    v1::RegisterRequest request;
    request.mutable_node()->set_node_id(absl::StrCat("node", number));
    request.mutable_node()->set_broadcast_address(
        absl::StrCat("10.0.", number / 250, ".", number % 250));
    request.mutable_node()->set_hostname(absl::StrCat("machine", number));
    request.mutable_node()->set_grpc_port(4150);
    request.mutable_node()->set_http_port(4151);
    request.mutable_node()->set_version("0.1.0");
    ok_ = stream_->Write(request);
    for (int topic = 0; ok_ && topic < topics; ++topic) {
      request.mutable_add()->set_topic(absl::StrCat("topic", topic));
      request.mutable_add()->set_channel("archive");
      ok_ = stream_->Write(request);
    }
    v1::RegisterResponse response;
    for (int i = 0; ok_ && i < topics + 1; ++i) ok_ = stream_->Read(&response);
  }
  ~Registered() {
    context_.TryCancel();
    stream_->Finish();
  }
  bool ok() const { return ok_; }

 private:
  grpc::ClientContext context_;
  bool ok_ = false;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::RegisterRequest, v1::RegisterResponse>>
      stream_;
};

std::string ResidentMemory(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(status, line);) {
    if (absl::StartsWith(line, "VmRSS:")) return line.substr(6);
  }
  return "?";
}

// Milliseconds for each of many questions, one after the other, sorted.
std::vector<double> Ask(v1::LookupService::Stub* stub, int topics, int nodes) {
  std::vector<double> took;
  for (int i = 0; i < kQuestions; ++i) {
    grpc::ClientContext context;
    v1::LookupRequest request;
    request.set_topic(absl::StrCat("topic", i % topics));
    v1::LookupResponse response;
    const absl::Time begin = absl::Now();
    const bool ok = stub->Lookup(&context, request, &response).ok();
    took.push_back(absl::ToDoubleMilliseconds(absl::Now() - begin));
    if (!ok || response.producers_size() != nodes) std::abort();
  }
  std::sort(took.begin(), took.end());
  return took;
}

int Run(int nodes, int topics) {
  LookupProcess lookup;
  if (!lookup.Start().ok()) return 1;
  std::printf("empty: %s\n", ResidentMemory(lookup.pid()).c_str());
  std::vector<std::unique_ptr<v1::LookupService::Stub>> stubs;
  std::vector<std::vector<std::unique_ptr<Registered>>> registered(
      kConnections);
  std::vector<std::thread> threads;
  std::atomic<bool> ok{true};
  const absl::Time begin = absl::Now();
  for (int i = 0; i < kConnections; ++i) {
    stubs.push_back(Connect(lookup.grpc_address()));
    threads.emplace_back([&, i, stub = stubs.back().get()] {
      for (int node = i; node < nodes; node += kConnections) {
        registered[i].push_back(
            std::make_unique<Registered>(stub, node, topics));
        if (!registered[i].back()->ok()) ok = false;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (!ok) return 1;
  std::printf("%d nodes with %d topics each told in %s\n", nodes, topics,
              absl::FormatDuration(absl::Now() - begin).c_str());
  std::printf("full: %s\n", ResidentMemory(lookup.pid()).c_str());
  const auto stub = Connect(lookup.grpc_address());
  const std::vector<double> took = Ask(stub.get(), topics, nodes);
  std::printf("Lookup of a topic with %d nodes: p50 %.2f ms, p99 %.2f ms\n",
              nodes, took[took.size() / 2], took[took.size() * 99 / 100]);
  std::printf("after the questions: %s\n",
              ResidentMemory(lookup.pid()).c_str());
  return 0;
}

}  // namespace
}  // namespace sluice

int main(int argc, char** argv) {
  return sluice::Run(argc > 1 ? std::atoi(argv[1]) : 1000,
                     argc > 2 ? std::atoi(argv[2]) : 1000);
}
