// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

#include "grpc/health/v1/health.grpc.pb.h"
#include "server/rpc/rpc_fixture.h"

namespace sluice {
namespace {

using Response = grpc::health::v1::HealthCheckResponse;

class HealthServiceTest : public RpcFixture {
 protected:
  void SetUp() override {
    RpcFixture::SetUp();
    health_ = grpc::health::v1::Health::NewStub(channel_);
  }

  grpc::Status Check(const std::string& service, Response* response) {
    grpc::ClientContext context;
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    return health_->Check(&context, request, response);
  }

  std::unique_ptr<grpc::health::v1::Health::Stub> health_;
};

TEST_F(HealthServiceTest, EveryServiceServes) {
  for (const char* name :
       {"", "sluice.v1.PublisherService", "sluice.v1.SubscriberService"}) {
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
  server_->BeginDrain();
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), Response::NOT_SERVING);
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
  server_->Stop();
  while (watch->Read(&response)) {
  }
  EXPECT_FALSE(watch->Finish().ok());
}

}  // namespace
}  // namespace sluice
