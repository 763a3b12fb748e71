// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/publish_verdict.h"

#include "base/error.h"

namespace sluice {

PublishVerdict JudgePublish(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return ErrorReason(status) == "DRAINING" ? PublishVerdict::kDraining
                                               : PublishVerdict::kUnsure;
    case absl::StatusCode::kResourceExhausted:
      return PublishVerdict::kBusy;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return PublishVerdict::kUnsure;
    default:
      return PublishVerdict::kRefused;
  }
}

}  // namespace sluice
