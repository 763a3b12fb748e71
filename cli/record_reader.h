// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_RECORD_READER_H_
#define SLUICE_CLI_RECORD_READER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace sluice {

// Splits what comes from a file descriptor into records, byte for byte. Holds
// one record and one read in memory, never more. One thread only; owns neither
// descriptor.
class RecordReader {
 public:
  struct Options {
    // Ends each record; the last one may go without. Empty: all of the input
    // is one record.
    std::string delimiter = "\n";
    // Empty records are records too.
    bool keep_empty = false;
    // A longer record is an error.
    size_t max_record_bytes = 64 << 20;
  };

  enum class Outcome {
    kRecord,
    kNothingYet,  // the input is slow
    kEnd,         // of the input
    kStopped,     // `stop_fd` became readable
  };

  // `stop_fd` ends waiting when it becomes readable; -1 for none.
  RecordReader(int fd, int stop_fd, Options options);

  // Makes the next record available in record(), waiting at most `patience`
  // for it. INVALID_ARGUMENT for a record that is too long, INTERNAL when the
  // input cannot be read; both end the input.
  absl::StatusOr<Outcome> Next(absl::Duration patience);

  // Valid until the next call of Next.
  absl::string_view record() const { return record_; }

  // Which record of the input this is, from 1. Skipped ones count: with lines
  // it is the line number.
  uint64_t number() const { return number_; }

 private:
  // True when a whole record, or the last of the input, was cut off the
  // buffer.
  bool CutRecord();
  absl::StatusOr<Outcome> WaitForInput(absl::Duration patience);
  absl::Status Fill();

  const int fd_;
  const int stop_fd_;
  const Options options_;

  std::string buffer_;
  size_t begin_ = 0;    // of what is not cut off yet
  size_t scanned_ = 0;  // no delimiter begins before this
  bool input_over_ = false;
  absl::string_view record_;
  uint64_t number_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_CLI_RECORD_READER_H_
