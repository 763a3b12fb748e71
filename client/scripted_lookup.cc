// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/scripted_lookup.h"

#include <chrono>
#include <cstdint>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/server_context.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {
namespace {

const grpc::Status& Away() {
  static const grpc::Status* const kAway =
      new grpc::Status(grpc::StatusCode::UNAVAILABLE, "away");
  return *kAway;
}

void SetNode(const std::string& address, v1::NodeInfo* node) {
  const std::vector<std::string> parts = absl::StrSplit(address, ':');
  uint32_t port = 0;
  if (absl::SimpleAtoi(parts[1], &port)) node->set_grpc_port(port);
  node->set_node_id(address);
  node->set_broadcast_address(parts[0]);
}

}  // namespace

class ScriptedLookup::Service final : public v1::LookupService::Service {
 public:
  grpc::Status Lookup(grpc::ServerContext*, const v1::LookupRequest*,
                      v1::LookupResponse* response) override {
    const absl::MutexLock lock(&mu_);
    ++calls_;
    if (failing_) return Away();
    for (const std::string& address : nodes_) {
      SetNode(address, response->add_producers());
    }
    return grpc::Status::OK;
  }

  grpc::Status ListNodes(
      grpc::ServerContext*, const v1::LookupServiceListNodesRequest*,
      v1::LookupServiceListNodesResponse* response) override {
    const absl::MutexLock lock(&mu_);
    ++calls_;
    if (failing_) return Away();
    for (const std::string& address : nodes_) {
      SetNode(address, response->add_nodes());
    }
    return grpc::Status::OK;
  }

  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest*,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override {
    {
      const absl::MutexLock lock(&mu_);
      ++calls_;
    }
    uint64_t sent = 0;
    while (!context->IsCancelled()) {
      v1::WatchResponse response;
      {
        const absl::MutexLock lock(&mu_);
        const auto news = [this, sent]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
          return failing_ || stopping_ || version_ != sent;
        };
        // A call that is cancelled wakes nobody.
        if (!mu_.AwaitWithTimeout(absl::Condition(&news),
                                  absl::Milliseconds(20))) {
          continue;
        }
        if (failing_ || stopping_) return Away();
        sent = version_;
        for (const std::string& address : nodes_) {
          SetNode(address, response.mutable_snapshot()->add_producers());
        }
      }
      response.set_version(sent);
      writer->Write(response);
    }
    return grpc::Status::OK;
  }

  void SetNodes(std::vector<std::string> nodes) {
    const absl::MutexLock lock(&mu_);
    nodes_ = std::move(nodes);
    ++version_;
  }
  void SetFailing(bool failing) {
    const absl::MutexLock lock(&mu_);
    failing_ = failing;
  }
  void Stop() {
    const absl::MutexLock lock(&mu_);
    stopping_ = true;
  }
  int calls() const {
    const absl::MutexLock lock(&mu_);
    return calls_;
  }

 private:
  mutable absl::Mutex mu_;
  std::vector<std::string> nodes_ ABSL_GUARDED_BY(mu_);
  uint64_t version_ ABSL_GUARDED_BY(mu_) = 1;
  bool failing_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  int calls_ ABSL_GUARDED_BY(mu_) = 0;
};

ScriptedLookup::ScriptedLookup() : service_(std::make_unique<Service>()) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port_);
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
}

ScriptedLookup::~ScriptedLookup() {
  service_->Stop();
  server_->Shutdown(std::chrono::system_clock::now());
}

std::string ScriptedLookup::address() const {
  return absl::StrCat("127.0.0.1:", port_);
}

void ScriptedLookup::SetNodes(std::vector<std::string> addresses) {
  service_->SetNodes(std::move(addresses));
}

void ScriptedLookup::SetFailing(bool failing) { service_->SetFailing(failing); }

int ScriptedLookup::calls() const { return service_->calls(); }

}  // namespace sluice
