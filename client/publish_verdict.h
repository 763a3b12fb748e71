// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_PUBLISH_VERDICT_H_
#define SLUICE_CLIENT_PUBLISH_VERDICT_H_

#include "absl/status/status.h"

namespace sluice {

// What a node's error means for a publish.
enum class PublishVerdict {
  kRefused,   // it will be refused everywhere and always
  kDraining,  // not stored; the node is going away
  kBusy,      // not stored; the node has no room just now
  kUnsure,    // it may or may not be stored
};

PublishVerdict JudgePublish(const absl::Status& status);

}  // namespace sluice

#endif  // SLUICE_CLIENT_PUBLISH_VERDICT_H_
