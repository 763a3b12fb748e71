// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CONFORMANCE_STUBS_H_
#define SLUICE_TESTS_CONFORMANCE_STUBS_H_

#include <memory>

#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/channel.h"
#include "sluice/v1/admin.grpc.pb.h"
#include "sluice/v1/publisher.grpc.pb.h"
#include "sluice/v1/subscriber.grpc.pb.h"
#include "tests/conformance/client.h"

namespace sluice {

// What stands behind a NodeClient; seen by the sessions, not by the tests.
struct NodeClient::Stubs {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::PublisherService::Stub> publisher;
  std::unique_ptr<v1::SubscriberService::Stub> subscriber;
  std::unique_ptr<v1::AdminService::Stub> admin;
  std::unique_ptr<grpc::health::v1::Health::Stub> health;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CONFORMANCE_STUBS_H_
