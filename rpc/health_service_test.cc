// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/health_service.h"

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "rpc/grpc_server.h"
#include "rpc/live_calls.h"

namespace sluice {
namespace {

using Response = grpc::health::v1::HealthCheckResponse;

class HealthServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server_.Listen(GrpcServerOptions(), {}).ok());
    server_.Serve();
    health_ = grpc::health::v1::Health::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_.port()),
                            grpc::InsecureChannelCredentials()));
  }

  grpc::Status Check(const std::string& service, Response* response) {
    grpc::ClientContext context;
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    return health_->Check(&context, request, response);
  }

  LiveCalls live_calls_;
  std::atomic<bool> draining_{false};
  std::atomic<bool> serving_{true};
  GrpcServer server_{{"test.Service"}, live_calls_, draining_, [this] {
                       return serving_.load();
                     }};
  std::unique_ptr<grpc::health::v1::Health::Stub> health_;
};

TEST_F(HealthServiceTest, EveryServiceServes) {
  for (const char* name : {"", "test.Service", "grpc.health.v1.Health"}) {
    Response response;
    ASSERT_TRUE(Check(name, &response).ok());
    EXPECT_EQ(response.status(), Response::SERVING);
  }
}

TEST_F(HealthServiceTest, DoesNotKnowOtherServices) {
  Response response;
  EXPECT_EQ(Check("nonsense", &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(HealthServiceTest, AWatchIsToldOfTheDrain) {
  grpc::ClientContext context;
  const auto watch =
      health_->Watch(&context, grpc::health::v1::HealthCheckRequest());
  Response response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), Response::SERVING);
  draining_ = true;
  live_calls_.Drain();
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), Response::NOT_SERVING);
  context.TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(HealthServiceTest, NoneServesWhileItsOwnerSaysSo) {
  serving_ = false;
  Response response;
  ASSERT_TRUE(Check("test.Service", &response).ok());
  EXPECT_EQ(response.status(), Response::NOT_SERVING);
  serving_ = true;
  ASSERT_TRUE(Check("test.Service", &response).ok());
  EXPECT_EQ(response.status(), Response::SERVING);
}

TEST_F(HealthServiceTest, AWatchIsToldWhenItsOwnerChangesItsMind) {
  grpc::ClientContext context;
  const auto watch =
      health_->Watch(&context, grpc::health::v1::HealthCheckRequest());
  Response response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), Response::SERVING);
  for (const bool serving : {false, true}) {
    serving_ = serving;
    live_calls_.ServingChanged();
    ASSERT_TRUE(watch->Read(&response));
    EXPECT_EQ(response.status(),
              serving ? Response::SERVING : Response::NOT_SERVING);
  }
  context.TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(HealthServiceTest, AWatchMayWaitForAServiceThatIsNotThere) {
  grpc::ClientContext context;
  grpc::health::v1::HealthCheckRequest request;
  request.set_service("nonsense");
  const auto watch = health_->Watch(&context, request);
  Response response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), Response::SERVICE_UNKNOWN);
  context.TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(HealthServiceTest, AWatchDoesNotKeepTheServerFromStopping) {
  grpc::ClientContext context;
  const auto watch =
      health_->Watch(&context, grpc::health::v1::HealthCheckRequest());
  Response response;
  ASSERT_TRUE(watch->Read(&response));
  server_.Stop(absl::Seconds(2));
  while (watch->Read(&response)) {
  }
  EXPECT_FALSE(watch->Finish().ok());
}

}  // namespace
}  // namespace sluice
