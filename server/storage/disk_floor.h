// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_DISK_FLOOR_H_
#define SLUICE_SERVER_STORAGE_DISK_FLOOR_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"

namespace sluice {

// Refuses publishes while the disk is nearly full. The log must never meet a
// full disk: what is left below the floor is for FIN, cursors and compaction,
// which are what makes room again.
//
// Thread-safe; the answer costs a clock reading, and every 100 ms one of the
// callers looks at the disk. Owned by Server.
class DiskFloor {
 public:
  // Bytes that an ordinary user may still write to the file system of `path`.
  using FreeBytes =
      std::function<absl::StatusOr<uint64_t>(const std::string& path)>;
  static absl::StatusOr<uint64_t> AskFileSystem(const std::string& path);

  // `floor_bytes` 0 never refuses. `clock` outlives this.
  DiskFloor(std::string path, uint64_t floor_bytes, Clock& clock,
            FreeBytes free_bytes = AskFileSystem);

  // OK, or RESOURCE_EXHAUSTED (DISK_FLOOR) saying how much is free and what to
  // do. Once below, space must rise a little above the floor before it is OK
  // again, so that publishers are not switched on and off by every block. When
  // the file system does not answer, the last answer stands.
  absl::Status Admit();

  // Whether a store that met a full disk may be opened again: a quarter of the
  // floor is free, or 64 MiB, so that its write-ahead log can become a file.
  // Publishes are still refused then.
  bool HasRoomToOpen();

 private:
  void SampleIfDue();
  void Sample();

  const std::string path_;
  const uint64_t floor_bytes_;
  Clock& clock_;
  const FreeBytes free_bytes_;

  std::atomic<int64_t> next_sample_nanos_{0};
  std::atomic<uint64_t> last_free_bytes_{UINT64_MAX};  // not known
  std::atomic<bool> below_{false};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_DISK_FLOOR_H_
