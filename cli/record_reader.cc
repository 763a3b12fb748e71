// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/record_reader.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace sluice {
namespace {

constexpr size_t kReadBytes = 256 << 10;

}  // namespace

RecordReader::RecordReader(int fd, int stop_fd, Options options)
    : fd_(fd), stop_fd_(stop_fd), options_(std::move(options)) {}

absl::StatusOr<RecordReader::Outcome> RecordReader::Next(
    absl::Duration patience) {
  while (true) {
    while (CutRecord()) {
      ++number_;
      if (!record_.empty() || options_.keep_empty) return Outcome::kRecord;
    }
    if (input_over_) return Outcome::kEnd;
    if (buffer_.size() - begin_ >
        options_.max_record_bytes + options_.delimiter.size()) {
      input_over_ = true;
      begin_ = buffer_.size();
      return absl::InvalidArgumentError(
          absl::StrCat("record ", number_ + 1, " of the input is longer than ",
                       options_.max_record_bytes, " bytes"));
    }
    SLUICE_ASSIGN_OR_RETURN(const Outcome outcome, WaitForInput(patience));
    if (outcome != Outcome::kRecord) return outcome;
    SLUICE_RETURN_IF_ERROR(Fill());
  }
}

bool RecordReader::CutRecord() {
  const absl::string_view rest = absl::string_view(buffer_).substr(begin_);
  const std::string& delimiter = options_.delimiter;
  const size_t end = delimiter.empty()
                         ? absl::string_view::npos
                         : rest.find(delimiter, scanned_ - begin_);
  if (end != absl::string_view::npos) {
    record_ = rest.substr(0, end);
    begin_ += end + delimiter.size();
    scanned_ = begin_;
    return true;
  }
  // The start of a delimiter may be at the very end.
  const size_t undecided = delimiter.empty() ? 0 : delimiter.size() - 1;
  scanned_ = begin_ + rest.size() - std::min(rest.size(), undecided);
  if (!input_over_ || rest.empty()) return false;
  record_ = rest;
  begin_ = scanned_ = buffer_.size();
  return true;
}

absl::StatusOr<RecordReader::Outcome> RecordReader::WaitForInput(
    absl::Duration patience) {
  pollfd waits[] = {{fd_, POLLIN, 0}, {stop_fd_, POLLIN, 0}};
  const bool for_ever = patience == absl::InfiniteDuration();
  const int timeout =
      for_ever ? -1 : static_cast<int>(absl::ToInt64Milliseconds(patience));
  int ready;
  do {
    ready = poll(waits, 2, timeout);
  } while (ready < 0 && errno == EINTR);
  if (waits[1].revents != 0) return Outcome::kStopped;
  return ready == 0 ? Outcome::kNothingYet : Outcome::kRecord;
}

absl::Status RecordReader::Fill() {
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  const size_t kept = buffer_.size();
  buffer_.resize(kept + kReadBytes);
  ssize_t got;
  do {
    got = read(fd_, buffer_.data() + kept, kReadBytes);
  } while (got < 0 && errno == EINTR);
  buffer_.resize(kept + static_cast<size_t>(std::max<ssize_t>(got, 0)));
  if (got == 0) input_over_ = true;
  if (got >= 0) return absl::OkStatus();
  input_over_ = true;
  begin_ = scanned_ = buffer_.size();
  return absl::InternalError(
      absl::StrCat("cannot read the input: ", std::strerror(errno)));
}

}  // namespace sluice
