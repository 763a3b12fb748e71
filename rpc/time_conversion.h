// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_TIME_CONVERSION_H_
#define SLUICE_RPC_TIME_CONVERSION_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace sluice {

// Durations and times, wire <-> domain.

// INVALID_DURATION about `field` when seconds and nanos are no duration by the
// rules of google/protobuf/duration.proto. May be negative.
absl::StatusOr<absl::Duration> FromWire(absl::string_view field,
                                        const google::protobuf::Duration& wire);

// Cut to whole nanoseconds.
void ToWire(absl::Duration duration, google::protobuf::Duration* wire);
void ToWire(absl::Time time, google::protobuf::Timestamp* wire);

}  // namespace sluice

#endif  // SLUICE_RPC_TIME_CONVERSION_H_
