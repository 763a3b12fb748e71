// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_DEDUP_RECORD_H_
#define SLUICE_SERVER_QUEUE_DEDUP_RECORD_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/queue/durability.h"

namespace sluice {

// One publish that carried a request id, as it is written beside its messages.
// Where they begin is in the record's key. docs/on_disk_format.md has the
// bytes.
struct DedupRecord {
  std::string request_id;
  uint32_t message_count = 0;
  Durability durability = Durability::kUnspecified;  // the level reached
  absl::Time time;                                   // by the wall clock

  std::string Encode() const;
  // DATA_LOSS (CORRUPTION) for anything that Encode does not write.
  static absl::StatusOr<DedupRecord> Decode(absl::string_view bytes);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_DEDUP_RECORD_H_
