// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/reflection_v1.h"

#include <set>
#include <string>

#include "google/protobuf/descriptor.pb.h"
#include "grpcpp/support/status_code_enum.h"
#include "gtest/gtest.h"
#include "sluice/v1/publisher.pb.h"

namespace sluice {
namespace {

using grpc::reflection::v1::ServerReflectionRequest;
using grpc::reflection::v1::ServerReflectionResponse;

ServerReflectionResponse Ask(const ServerReflectionRequest& request) {
  // Links the file in.
  EXPECT_NE(v1::PublishRequest::descriptor(), nullptr);
  ServerReflectionResponse response;
  AnswerReflection({"sluice.v1.PublisherService"}, request, &response);
  return response;
}

std::set<std::string> Files(const ServerReflectionResponse& response) {
  std::set<std::string> names;
  for (const std::string& bytes :
       response.file_descriptor_response().file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto proto;
    EXPECT_TRUE(proto.ParseFromString(bytes));
    EXPECT_TRUE(names.insert(proto.name()).second) << "twice";
  }
  return names;
}

TEST(ReflectionV1, ListsTheServices) {
  ServerReflectionRequest request;
  request.set_list_services("");
  const auto response = Ask(request);
  ASSERT_EQ(response.list_services_response().service_size(), 1);
  EXPECT_EQ(response.list_services_response().service(0).name(),
            "sluice.v1.PublisherService");
}

TEST(ReflectionV1, AFileComesWithAllItImports) {
  ServerReflectionRequest request;
  request.set_file_containing_symbol("sluice.v1.PublishRequest");
  const std::set<std::string> files = Files(Ask(request));
  for (const char* const name :
       {"sluice/v1/publisher.proto", "sluice/v1/types.proto",
        "google/rpc/status.proto", "google/protobuf/any.proto"}) {
    EXPECT_EQ(files.count(name), 1u) << name;
  }
}

TEST(ReflectionV1, FindsFilesByName) {
  ServerReflectionRequest request;
  request.set_file_by_filename("sluice/v1/types.proto");
  EXPECT_EQ(Files(Ask(request)).size(), 1u);
}

TEST(ReflectionV1, WhatIsUnknownIsNotFound) {
  ServerReflectionRequest request;
  request.set_file_containing_symbol("no.Such");
  EXPECT_EQ(Ask(request).error_response().error_code(),
            grpc::StatusCode::NOT_FOUND);
  request.mutable_file_containing_extension()->set_containing_type("no.Such");
  EXPECT_EQ(Ask(request).error_response().error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST(ReflectionV1, TypesWithoutExtensionsHaveNoNumbers) {
  ServerReflectionRequest request;
  request.set_all_extension_numbers_of_type("sluice.v1.PublishRequest");
  const auto response = Ask(request);
  EXPECT_EQ(response.all_extension_numbers_response().base_type_name(),
            "sluice.v1.PublishRequest");
  EXPECT_EQ(response.all_extension_numbers_response().extension_number_size(),
            0);
}

}  // namespace
}  // namespace sluice
