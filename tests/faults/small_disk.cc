// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/small_disk.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace sluice {

SmallDisk::SmallDisk(uint64_t bytes) {
  const char* const parent = std::getenv("TEST_TMPDIR");
  path_ = absl::StrCat(parent != nullptr ? parent : "/tmp", "/disk.XXXXXX");
  if (mkdtemp(path_.data()) == nullptr) return;
  mounted_ = mount("sluice-test", path_.c_str(), "tmpfs", 0,
                   absl::StrCat("size=", bytes).c_str()) == 0;
}

SmallDisk::~SmallDisk() {
  if (mounted_) umount2(path_.c_str(), MNT_DETACH);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

uint64_t SmallDisk::FreeBytes() const {
  struct statvfs file_system;
  if (statvfs(path_.c_str(), &file_system) != 0) return 0;
  return uint64_t{file_system.f_bavail} * file_system.f_frsize;
}

void SmallDisk::FillUpTo(uint64_t free_bytes) {
  RemoveFiller();
  const int file = open(filler().c_str(), O_WRONLY | O_CREAT, 0600);
  // The node takes space meanwhile: ask for what is left until it fits.
  while (file >= 0 && FreeBytes() > free_bytes) {
    const auto size = static_cast<off_t>(std::filesystem::file_size(filler()));
    const auto more = static_cast<off_t>(FreeBytes() - free_bytes);
    if (posix_fallocate(file, size, more) != 0) break;
  }
  close(file);
}

void SmallDisk::RemoveFiller() {
  std::error_code ignored;
  std::filesystem::remove(filler(), ignored);
}

}  // namespace sluice
