// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/status_conversion.h"

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "base/error.h"
#include "google/rpc/error_details.pb.h"

namespace sluice {
namespace {

constexpr char kDomain[] = "sluice";
constexpr size_t kMaxMessageBytes = 256;
constexpr size_t kMaxDetailBytes = 96;
constexpr int kRetryDelaySeconds = 1;

// The first bytes of `text`, never ending within a UTF-8 character.
std::string Cut(absl::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return std::string(text.substr(0, end));
}

void AddErrorInfo(const absl::Status& status, google::rpc::Status* wire) {
  google::rpc::ErrorInfo info;
  const std::string reason = ErrorReason(status);
  info.set_reason(reason.empty() ? absl::StatusCodeToString(status.code())
                                 : Cut(reason, kMaxDetailBytes));
  info.set_domain(kDomain);
  wire->add_details()->PackFrom(info);
}

void AddBadRequest(const absl::Status& status, google::rpc::Status* wire) {
  google::rpc::BadRequest bad_request;
  auto* const violation = bad_request.add_field_violations();
  violation->set_field(Cut(ErrorField(status), kMaxDetailBytes));
  violation->set_description(Cut(status.message(), kMaxDetailBytes));
  wire->add_details()->PackFrom(bad_request);
}

void AddResourceInfo(const absl::Status& status, google::rpc::Status* wire) {
  const ErrorResource resource = ResourceOf(status);
  google::rpc::ResourceInfo info;
  info.set_resource_type(Cut(resource.type, kMaxDetailBytes));
  info.set_resource_name(Cut(resource.name, kMaxDetailBytes));
  wire->add_details()->PackFrom(info);
}

void AddRetryInfo(google::rpc::Status* wire) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(kRetryDelaySeconds);
  wire->add_details()->PackFrom(info);
}

}  // namespace

void ToWire(const absl::Status& status, google::rpc::Status* wire) {
  wire->set_code(static_cast<int>(status.code()));
  wire->set_message(Cut(status.message(), kMaxMessageBytes));
  AddErrorInfo(status, wire);
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      AddBadRequest(status, wire);
      break;
    case absl::StatusCode::kNotFound:
      AddResourceInfo(status, wire);
      break;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
      AddRetryInfo(wire);
      break;
    default:
      break;
  }
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status wire;
  ToWire(status, &wire);
  return grpc::Status(static_cast<grpc::StatusCode>(wire.code()),
                      wire.message(), wire.SerializeAsString());
}

}  // namespace sluice
