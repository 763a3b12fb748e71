// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/disk_floor.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/error.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

constexpr absl::Duration kSampleInterval = absl::Milliseconds(100);
// What must be free above the floor before publishes go on: a 16th of the
// floor, at most this.
constexpr uint64_t kMaxMarginBytes = uint64_t{64} << 20;
// More than this is not needed to open the store.
constexpr uint64_t kMaxRoomToOpenBytes = uint64_t{64} << 20;

double Mebibytes(uint64_t bytes) {
  return static_cast<double>(bytes) / (1 << 20);
}

}  // namespace

absl::StatusOr<uint64_t> DiskFloor::AskFileSystem(const std::string& path) {
  struct statvfs file_system;
  if (statvfs(path.c_str(), &file_system) != 0) {
    return absl::UnavailableError(
        absl::StrFormat("%s: %s", path, std::strerror(errno)));
  }
  return uint64_t{file_system.f_bavail} * file_system.f_frsize;
}

DiskFloor::DiskFloor(std::string path, uint64_t floor_bytes, Clock& clock,
                     FreeBytes free_bytes)
    : path_(std::move(path)),
      floor_bytes_(floor_bytes),
      clock_(clock),
      free_bytes_(std::move(free_bytes)) {
  next_sample_nanos_ = (clock_.SteadyNow() + kSampleInterval).nanos();
  Sample();
}

absl::Status DiskFloor::Admit() {
  if (floor_bytes_ == 0) return absl::OkStatus();
  SampleIfDue();
  if (!below_.load(std::memory_order_relaxed)) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kResourceExhausted, "DISK_FLOOR",
      absl::StrFormat("%s has %.0f MiB free and publishes stop below %.0f MiB: "
                      "free disk space, finish or empty a backlog, or lower "
                      "--disk-floor",
                      path_, Mebibytes(last_free_bytes_.load()),
                      Mebibytes(floor_bytes_)));
}

bool DiskFloor::HasRoomToOpen() {
  if (floor_bytes_ == 0) return true;
  SampleIfDue();
  return last_free_bytes_.load() >=
         std::min(floor_bytes_ / 4, kMaxRoomToOpenBytes);
}

void DiskFloor::SampleIfDue() {
  const SteadyTime now = clock_.SteadyNow();
  int64_t due = next_sample_nanos_.load(std::memory_order_relaxed);
  if (now.nanos() < due) return;
  // Whoever moves the time on samples; the others use what is known.
  if (next_sample_nanos_.compare_exchange_strong(
          due, (now + kSampleInterval).nanos())) {
    Sample();
  }
}

void DiskFloor::Sample() {
  if (floor_bytes_ == 0) return;
  const absl::StatusOr<uint64_t> free = free_bytes_(path_);
  if (!free.ok()) return;
  const bool was_below = below_.load();
  const uint64_t margin =
      was_below ? std::min(floor_bytes_ / 16, kMaxMarginBytes) : 0;
  // Subtracted on the side that cannot wrap around.
  const bool below = *free < floor_bytes_ || *free - floor_bytes_ < margin;
  last_free_bytes_ = *free;
  below_ = below;
  if (below && !was_below) {
    spdlog::warn(
        "publishes are refused: {} has {:.0f} MiB free, the floor is "
        "{:.0f} MiB",
        path_, Mebibytes(*free), Mebibytes(floor_bytes_));
  } else if (was_below && !below) {
    spdlog::info("publishes are taken again: {} has {:.0f} MiB free", path_,
                 Mebibytes(*free));
  }
}

}  // namespace sluice
