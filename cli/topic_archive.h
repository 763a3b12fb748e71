// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_TOPIC_ARCHIVE_H_
#define SLUICE_CLI_TOPIC_ARCHIVE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "cli/archive_directory.h"
#include "cli/file_naming.h"
#include "cli/record_encoding.h"
#include "cli/rotation_policy.h"

namespace sluice {

// How files are written, for all topics.
struct ArchiveOptions {
  Compression compression = Compression::kNone;
  int level = 0;  // see MakeRecordEncoder
  std::string delimiter = "\n";
  RotationPolicy rotation;
  // A message waits at most this long for its fsync; many share one.
  absl::Duration sync_interval = absl::Seconds(1);
  // So many that wait are synced at once: no more may come before.
  size_t max_unsynced = 1000;
};

// Writes the messages of one topic into files, one after the other. A message
// is finished once it is on disk: the file's bytes are fsynced, and so is its
// place in the work directory. A file begins with its first message, so none is
// empty, and it ends when the time in its name changes, or when RotationPolicy
// says so.
//
// Not thread-safe. After an error nothing more may be added; what is unfinished
// then stays so, and will be delivered again.
class TopicArchive {
 public:
  using Finish = absl::AnyInvocable<void()>;

  // The directory, the naming and the clock must outlive this.
  TopicArchive(std::string topic, const ArchiveOptions& options,
               const FileNaming& naming, ArchiveDirectory* directory,
               Clock& clock);

  // Adds a message; `finish` is called once it is on disk, in this call or a
  // later one.
  absl::Status Add(absl::string_view body, Finish finish);

  // Does what is due: syncs, ends a file.
  absl::Status DoWhatIsDue();
  // When that is to be called next, at the latest.
  SteadyTime NextDue() const;

  // Puts what was written so far into the output directory. For a signal and
  // for the end.
  absl::Status EndFile();

  uint64_t messages() const { return messages_; }  // on disk
  uint64_t files() const { return files_; }        // in the output directory
  // The last of them, empty at first.
  const std::string& last_file() const { return last_file_; }

 private:
  absl::Status BeginFile(std::string stem);
  absl::Status WriteBuffer();
  absl::Status Sync();
  bool FileIsOver() const;

  const std::string topic_;
  const ArchiveOptions options_;
  const FileNaming& naming_;
  ArchiveDirectory& directory_;
  Clock& clock_;

  // Of the file that grows, if there is one.
  std::unique_ptr<ArchiveDirectory::WorkFile> file_;
  std::unique_ptr<RecordEncoder> encoder_;
  SteadyTime begun_;
  uint64_t file_bytes_ = 0;  // given to the system
  std::string buffer_;       // not given to it yet

  std::vector<Finish> unsynced_;
  SteadyTime first_unsynced_;

  uint64_t messages_ = 0;
  uint64_t files_ = 0;
  std::string last_file_;
};

// Puts the files that dead processes left in the work directory into the output
// directory, less what was cut off in the middle at their ends. Returns the
// paths there.
absl::StatusOr<std::vector<std::string>> RescueLeftovers(
    const ArchiveOptions& options, ArchiveDirectory* directory);

}  // namespace sluice

#endif  // SLUICE_CLI_TOPIC_ARCHIVE_H_
