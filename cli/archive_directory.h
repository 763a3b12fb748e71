// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_ARCHIVE_DIRECTORY_H_
#define SLUICE_CLI_ARCHIVE_DIRECTORY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sluice {

// Where archived files are: they grow in a work directory, and go to the output
// directory once they are complete, by renaming, so that whoever reads there
// sees whole files only. Nothing there is ever overwritten.
//
// A file that grows is locked (flock) by the process that writes it. One in the
// work directory that is not locked was left behind by a process that died.
//
// Thread-compatible. File names are stems as FileNaming makes them.
class ArchiveDirectory {
 public:
  // A file that grows. Closes its descriptor, and with it the lock.
  class WorkFile {
   public:
    WorkFile(int fd, std::string path, std::string stem)
        : fd_(fd), path_(std::move(path)), stem_(std::move(stem)) {}
    ~WorkFile();
    WorkFile(const WorkFile&) = delete;
    WorkFile& operator=(const WorkFile&) = delete;

    int fd() const { return fd_; }
    const std::string& path() const { return path_; }
    const std::string& stem() const { return stem_; }

   private:
    const int fd_;
    const std::string path_;
    const std::string stem_;
  };

  // Makes the directories where they are missing. INVALID_ARGUMENT when they
  // are on different file systems, where a file cannot be renamed to the other;
  // INTERNAL when the system refuses.
  static absl::StatusOr<ArchiveDirectory> Open(std::string output_directory,
                                               std::string work_directory);

  // A new empty file, which after a crash is still there.
  absl::StatusOr<std::unique_ptr<WorkFile>> Create(const std::string& stem);

  // Puts a file, whose bytes are on disk already, into the output directory
  // under the first revision that is free. Returns its path there. When this
  // returns, it is there after a crash.
  absl::StatusOr<std::string> Publish(std::unique_ptr<WorkFile> file);

  // Deletes a file that holds nothing.
  absl::Status Discard(std::unique_ptr<WorkFile> file);

  // Files left behind, now locked by us.
  absl::StatusOr<std::vector<std::unique_ptr<WorkFile>>> Leftovers();

 private:
  ArchiveDirectory(std::string output_directory, std::string work_directory)
      : output_(std::move(output_directory)),
        work_(std::move(work_directory)) {}

  std::string output_;
  std::string work_;
  uint64_t made_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_CLI_ARCHIVE_DIRECTORY_H_
