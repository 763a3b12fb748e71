// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_FAULTS_SMALL_DISK_H_
#define SLUICE_TESTS_FAULTS_SMALL_DISK_H_

#include <cstdint>
#include <string>

namespace sluice {

// A small file system in memory, which a test can fill. Needs the right to
// mount. Thread-compatible.
class SmallDisk {
 public:
  explicit SmallDisk(uint64_t bytes);
  // Unmounts. Nothing may use it any more.
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // False: this machine does not let us mount.
  bool mounted() const { return mounted_; }
  const std::string& path() const { return path_; }

  uint64_t FreeBytes() const;
  // A file of somebody else takes all but `free_bytes`; replaces the last one.
  void FillUpTo(uint64_t free_bytes);
  void RemoveFiller();

 private:
  std::string filler() const { return path_ + "/filler"; }

  std::string path_;
  bool mounted_ = false;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_FAULTS_SMALL_DISK_H_
