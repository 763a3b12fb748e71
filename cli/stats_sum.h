// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_STATS_SUM_H_
#define SLUICE_CLI_STATS_SUM_H_

#include <vector>

#include "google/protobuf/repeated_field.h"
#include "sluice/v1/admin.pb.h"

namespace sluice {

// The counts of several nodes together: topics and channels of one name are
// added up, sorted by name. A topic or channel is paused when it is on every
// node that has it, its oldest message is the oldest of all, and clients are
// those of all. Durability is the weakest.
google::protobuf::RepeatedPtrField<v1::TopicStats> SumOf(
    const std::vector<const v1::GetStatsResponse*>& nodes);

}  // namespace sluice

#endif  // SLUICE_CLI_STATS_SUM_H_
