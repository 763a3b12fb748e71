// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/dedup_record.h"

#include "base/error.h"
#include "server/storage/coding.h"

namespace sluice {
namespace {

// version:u8  durability:u8  message_count:u32  time:i64  request_id
constexpr char kVersion = 1;
constexpr size_t kDurabilityAt = 1;
constexpr size_t kCountAt = 2;
constexpr size_t kTimeAt = 6;
constexpr size_t kIdAt = 14;

}  // namespace

std::string DedupRecord::Encode() const {
  std::string bytes(kIdAt, '\0');
  bytes[0] = kVersion;
  bytes[kDurabilityAt] = static_cast<char>(durability);
  StoreLittle32(message_count, &bytes[kCountAt]);
  StoreLittle64(static_cast<uint64_t>(absl::ToUnixNanos(time)),
                &bytes[kTimeAt]);
  bytes += request_id;
  return bytes;
}

absl::StatusOr<DedupRecord> DedupRecord::Decode(absl::string_view bytes) {
  const bool is_whole =
      bytes.size() > kIdAt && bytes[0] == kVersion &&
      bytes[kDurabilityAt] >= static_cast<char>(Durability::kMemory) &&
      bytes[kDurabilityAt] <= static_cast<char>(Durability::kDisk) &&
      LoadLittle32(&bytes[kCountAt]) > 0;
  if (!is_whole) {
    return MakeError(absl::StatusCode::kDataLoss, "CORRUPTION",
                     "a request id's record is damaged");
  }
  DedupRecord record;
  record.durability = static_cast<Durability>(bytes[kDurabilityAt]);
  record.message_count = LoadLittle32(&bytes[kCountAt]);
  record.time =
      absl::FromUnixNanos(static_cast<int64_t>(LoadLittle64(&bytes[kTimeAt])));
  record.request_id = std::string(bytes.substr(kIdAt));
  return record;
}

}  // namespace sluice
