// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/status_conversion.h"

#include <string>

#include "absl/status/status.h"
#include "base/error.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

google::rpc::Status Wire(const absl::Status& status) {
  google::rpc::Status wire;
  ToWire(status, &wire);
  return wire;
}

template <typename Detail>
bool Find(const google::rpc::Status& wire, Detail* detail) {
  for (const auto& any : wire.details()) {
    if (any.UnpackTo(detail)) return true;
  }
  return false;
}

TEST(StatusConversion, OkIsOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
}

TEST(StatusConversion, EveryErrorHasAnErrorInfo) {
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(Find(Wire(MakeError(absl::StatusCode::kAlreadyExists,
                                  "TOPIC_EXISTS", "there is one")),
                   &info));
  EXPECT_EQ(info.reason(), "TOPIC_EXISTS");
  EXPECT_EQ(info.domain(), "sluice");
}

TEST(StatusConversion, AnErrorWithoutAReasonGetsTheNameOfItsCode) {
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(Find(Wire(absl::InternalError("oh")), &info));
  EXPECT_EQ(info.reason(), "INTERNAL");
}

TEST(StatusConversion, InvalidArgumentNamesTheField) {
  google::rpc::BadRequest bad_request;
  ASSERT_TRUE(Find(Wire(InvalidArgument("INVALID_DURATION", "messages[3].delay",
                                        "is negative")),
                   &bad_request));
  ASSERT_EQ(bad_request.field_violations_size(), 1);
  EXPECT_EQ(bad_request.field_violations(0).field(), "messages[3].delay");
  EXPECT_EQ(bad_request.field_violations(0).description(), "is negative");
}

TEST(StatusConversion, NotFoundNamesTheResource) {
  google::rpc::ResourceInfo info;
  ASSERT_TRUE(Find(Wire(WithResource(MakeError(absl::StatusCode::kNotFound,
                                               "TOPIC_NOT_FOUND", "no topic"),
                                     "topic", "orders")),
                   &info));
  EXPECT_EQ(info.resource_type(), "topic");
  EXPECT_EQ(info.resource_name(), "orders");
}

TEST(StatusConversion, UnavailableAndExhaustedSayWhenToRetry) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kUnavailable, absl::StatusCode::kResourceExhausted}) {
    google::rpc::RetryInfo info;
    ASSERT_TRUE(Find(Wire(MakeError(code, "R", "m")), &info));
    EXPECT_GT(info.retry_delay().seconds(), 0);
  }
}

TEST(StatusConversion, GrpcStatusCarriesTheSameAsDetails) {
  const grpc::Status status = ToGrpcStatus(
      MakeError(absl::StatusCode::kUnavailable, "DRAINING", "going away"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(status.error_message(), "going away");
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), static_cast<int>(grpc::StatusCode::UNAVAILABLE));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(Find(details, &info));
  EXPECT_EQ(info.reason(), "DRAINING");
}

TEST(StatusConversion, LongTextsAreCutBetweenCharactersAndFitInTrailers) {
  std::string text(255, 'x');
  for (int i = 0; i < 5000; ++i) text += "\xC3\xA9";
  const grpc::Status status =
      ToGrpcStatus(InvalidArgument("INVALID_NAME", text, text));
  EXPECT_EQ(status.error_message(), std::string(255, 'x'));
  EXPECT_LT(status.error_details().size(), 1024u);
}

}  // namespace
}  // namespace sluice
