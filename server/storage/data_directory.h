// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_DATA_DIRECTORY_H_
#define SLUICE_SERVER_STORAGE_DATA_DIRECTORY_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sluice {

// The directory that holds all a node keeps, for this process alone:
//
//   FORMAT    "sluice-data 1": what wrote it; made first and checked first
//   LOCK      held while a process uses the directory; says which one
//   node-id   the node's name for as long as the directory lives
//   log/      the RocksDB database
//
// Owned by the composition root, which destroys it last. Immutable after Open.
class DataDirectory {
 public:
  // The version written and understood by this program. docs/on_disk_format.md
  // says when it changes.
  static constexpr int kFormatVersion = 1;

  // Takes the directory, and makes it when only its last part is missing.
  // `wished_node_id`, 1 to 64 characters of `.a-zA-Z0-9_-`, replaces the stored
  // id; empty keeps it, or makes one up the first time.
  //
  // Every refusal is one sentence that names the path, and one that says what
  // to do: FAILED_PRECONDITION (a file, not a directory of ours, a newer
  // format, in use), PERMISSION_DENIED, NOT_FOUND (no parent directory),
  // DATA_LOSS (a damaged FORMAT or node-id), INVALID_ARGUMENT (the wish),
  // UNAVAILABLE (the disk does not work). A refused directory is unchanged.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> Open(
      const std::string& path, const std::string& wished_node_id = "");

  // Lets the next process in.
  ~DataDirectory();
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string log_path() const { return path_ + "/log"; }
  const std::string& node_id() const { return node_id_; }
  int format_version() const { return kFormatVersion; }

 private:
  explicit DataDirectory(std::string path) : path_(std::move(path)) {}

  absl::Status Lock();
  absl::Status LoadNodeId(const std::string& wish);

  const std::string path_;
  std::string node_id_;
  int lock_fd_ = -1;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_DATA_DIRECTORY_H_
