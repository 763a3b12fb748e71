// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/faulty_file_system.h"

#include <utility>

#include "absl/strings/match.h"

namespace sluice {
namespace {

using Operation = FaultyFileSystem::Operation;

class FaultyWritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyWritableFile(std::unique_ptr<rocksdb::FSWritableFile> file,
                     std::string path, const FaultyFileSystem* file_system)
      : FSWritableFileOwnerWrapper(std::move(file)),
        path_(std::move(path)),
        file_system_(file_system) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data,
                           const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    const rocksdb::IOStatus fault =
        file_system_->Check(Operation::kAppend, path_);
    if (!fault.ok()) return fault;
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  rocksdb::IOStatus Append(
      const rocksdb::Slice& data, const rocksdb::IOOptions& options,
      const rocksdb::DataVerificationInfo& /*verification*/,
      rocksdb::IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    const rocksdb::IOStatus fault =
        file_system_->Check(Operation::kSync, path_);
    if (!fault.ok()) return fault;
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    return Sync(options, debug);
  }

 private:
  const std::string path_;
  const FaultyFileSystem* const file_system_;
};

class FaultyReadableFile final
    : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  FaultyReadableFile(std::unique_ptr<rocksdb::FSRandomAccessFile> file,
                     std::string path, const FaultyFileSystem* file_system)
      : FSRandomAccessFileOwnerWrapper(std::move(file)),
        path_(std::move(path)),
        file_system_(file_system) {}

  rocksdb::IOStatus Read(uint64_t offset, size_t size,
                         const rocksdb::IOOptions& options,
                         rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext* debug) const override {
    const rocksdb::IOStatus fault =
        file_system_->Check(Operation::kRead, path_);
    if (!fault.ok()) return fault;
    return FSRandomAccessFileOwnerWrapper::Read(offset, size, options, result,
                                                scratch, debug);
  }

 private:
  const std::string path_;
  const FaultyFileSystem* const file_system_;
};

}  // namespace

FaultyFileSystem::FaultyFileSystem()
    : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void FaultyFileSystem::Fail(Operation operation, std::string suffix,
                            rocksdb::IOStatus error) {
  absl::MutexLock lock(&mu_);
  operation_ = operation;
  suffix_ = std::move(suffix);
  error_ = std::move(error);
}

void FaultyFileSystem::Repair() {
  absl::MutexLock lock(&mu_);
  error_ = rocksdb::IOStatus::OK();
}

rocksdb::IOStatus FaultyFileSystem::Check(Operation operation,
                                          const std::string& path) const {
  absl::MutexLock lock(&mu_);
  const bool fails = operation == operation_ && absl::EndsWith(path, suffix_);
  return fails ? error_ : rocksdb::IOStatus::OK();
}

rocksdb::IOStatus FaultyFileSystem::NewWritableFile(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* file,
    rocksdb::IODebugContext* debug) {
  rocksdb::IOStatus status =
      target()->NewWritableFile(path, options, file, debug);
  if (status.ok()) {
    *file = std::make_unique<FaultyWritableFile>(std::move(*file), path, this);
  }
  return status;
}

rocksdb::IOStatus FaultyFileSystem::NewRandomAccessFile(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
    rocksdb::IODebugContext* debug) {
  rocksdb::IOStatus status =
      target()->NewRandomAccessFile(path, options, file, debug);
  if (status.ok()) {
    *file = std::make_unique<FaultyReadableFile>(std::move(*file), path, this);
  }
  return status;
}

}  // namespace sluice
