// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_FILE_NAMING_H_
#define SLUICE_CLI_FILE_NAMING_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace sluice {

// Names of the files that messages are archived in, relative to the output
// directory. A value type.
class FileNaming {
 public:
  struct Options {
    // May hold <TOPIC>, <HOST>, <PID>, <DATETIME>, and must hold <REV>, without
    // which a name that is taken could not be avoided. May hold "/".
    std::string format = "<TOPIC>.<HOST><REV>.<DATETIME>.log";
    // What <DATETIME> becomes, as strftime has it; local time.
    std::string datetime_format = "%Y-%m-%d_%H";
    std::string host;
    std::string extension;  // behind all, as ".gz"
  };

  // INVALID_ARGUMENT for a format without <REV>, with a placeholder that there
  // is not, or that leads out of the output directory.
  static absl::StatusOr<FileNaming> Create(Options options);

  // The name but for the revision: it still holds <REV>. It changes with the
  // time when a new file is due.
  std::string Stem(absl::string_view topic, absl::Time time) const;

  // Revision 0 has no number, others have one: `-000001`.
  static std::string WithRevision(absl::string_view stem, uint32_t revision);

 private:
  explicit FileNaming(Options options) : options_(std::move(options)) {}

  Options options_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_FILE_NAMING_H_
