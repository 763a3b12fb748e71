// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/topic_archive.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cli/output.h"

namespace sluice {
namespace {

constexpr size_t kBufferBytes = 256 << 10;

absl::Status SystemError(const std::string& what) {
  return absl::InternalError(absl::StrCat(what, ": ", std::strerror(errno)));
}

// By the name's extension, so that files of an earlier run with another
// compression are understood too.
Compression CompressionOf(const std::string& stem) {
  for (const Compression each : {Compression::kGzip, Compression::kZstd}) {
    if (absl::EndsWith(stem, ExtensionOf(each))) return each;
  }
  return Compression::kNone;
}

}  // namespace

TopicArchive::TopicArchive(std::string topic, const ArchiveOptions& options,
                           const FileNaming& naming,
                           ArchiveDirectory* directory, Clock& clock)
    : topic_(std::move(topic)),
      options_(options),
      naming_(naming),
      directory_(*directory),
      clock_(clock) {}

absl::Status TopicArchive::BeginFile(std::string stem) {
  SLUICE_ASSIGN_OR_RETURN(
      encoder_, MakeRecordEncoder(options_.compression, options_.level));
  SLUICE_ASSIGN_OR_RETURN(file_, directory_.Create(stem));
  begun_ = clock_.SteadyNow();
  file_bytes_ = 0;
  return absl::OkStatus();
}

absl::Status TopicArchive::WriteBuffer() {
  SLUICE_RETURN_IF_ERROR(WriteAll(file_->fd(), buffer_));
  file_bytes_ += buffer_.size();
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status TopicArchive::Sync() {
  if (unsynced_.empty()) return absl::OkStatus();
  encoder_->EndPiece(&buffer_);
  SLUICE_RETURN_IF_ERROR(WriteBuffer());
  if (fdatasync(file_->fd()) != 0) {
    return SystemError(absl::StrCat("cannot sync ", file_->path()));
  }
  messages_ += unsynced_.size();
  for (Finish& finish : unsynced_) finish();
  unsynced_.clear();
  return absl::OkStatus();
}

bool TopicArchive::FileIsOver() const {
  return options_.rotation.IsDue(file_bytes_ + buffer_.size(), begun_,
                                 clock_.SteadyNow()) ||
         naming_.Stem(topic_, clock_.WallNow()) != file_->stem();
}

absl::Status TopicArchive::Add(absl::string_view body, Finish finish) {
  if (file_ != nullptr && FileIsOver()) SLUICE_RETURN_IF_ERROR(EndFile());
  if (file_ == nullptr) {
    SLUICE_RETURN_IF_ERROR(BeginFile(naming_.Stem(topic_, clock_.WallNow())));
  }
  if (unsynced_.empty()) first_unsynced_ = clock_.SteadyNow();
  encoder_->Add(body, &buffer_);
  encoder_->Add(options_.delimiter, &buffer_);
  unsynced_.push_back(std::move(finish));
  if (buffer_.size() >= kBufferBytes) SLUICE_RETURN_IF_ERROR(WriteBuffer());
  return unsynced_.size() >= options_.max_unsynced ? Sync() : absl::OkStatus();
}

absl::Status TopicArchive::DoWhatIsDue() {
  if (file_ == nullptr) return absl::OkStatus();
  if (FileIsOver()) return EndFile();
  if (!unsynced_.empty() &&
      clock_.SteadyNow() - first_unsynced_ >= options_.sync_interval) {
    return Sync();
  }
  return absl::OkStatus();
}

SteadyTime TopicArchive::NextDue() const {
  if (file_ == nullptr) return SteadyTime::InfiniteFuture();
  // The time in the name is looked at once a second.
  SteadyTime due = std::min(options_.rotation.LastMoment(begun_),
                            clock_.SteadyNow() + absl::Seconds(1));
  if (!unsynced_.empty()) {
    due = std::min(due, first_unsynced_ + options_.sync_interval);
  }
  return due;
}

absl::Status TopicArchive::EndFile() {
  if (file_ == nullptr) return absl::OkStatus();
  SLUICE_RETURN_IF_ERROR(Sync());
  SLUICE_ASSIGN_OR_RETURN(last_file_, directory_.Publish(std::move(file_)));
  ++files_;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> RescueLeftovers(
    const ArchiveOptions& options, ArchiveDirectory* directory) {
  std::vector<std::string> rescued;
  SLUICE_ASSIGN_OR_RETURN(auto leftovers, directory->Leftovers());
  for (std::unique_ptr<ArchiveDirectory::WorkFile>& file : leftovers) {
    const int fd = file->fd();
    const uint64_t whole =
        WholeBytes(CompressionOf(file->stem()), options.delimiter,
                   [fd](char* buffer, size_t size) {
                     const ssize_t got = read(fd, buffer, size);
                     return got > 0 ? static_cast<size_t>(got) : size_t{0};
                   });
    if (whole == 0) {
      SLUICE_RETURN_IF_ERROR(directory->Discard(std::move(file)));
      continue;
    }
    if (ftruncate(fd, static_cast<off_t>(whole)) != 0 || fsync(fd) != 0) {
      return SystemError(absl::StrCat("cannot repair ", file->path()));
    }
    SLUICE_ASSIGN_OR_RETURN(std::string path,
                            directory->Publish(std::move(file)));
    rescued.push_back(std::move(path));
  }
  return rescued;
}

}  // namespace sluice
