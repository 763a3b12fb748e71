// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_FAULTY_FILE_SYSTEM_H_
#define SLUICE_SERVER_STORAGE_FAULTY_FILE_SYSTEM_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/file_system.h"

namespace sluice {

// The machine's file system, made to fail on demand: for tests of what the
// store does then. Thread-safe.
class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  enum class Operation { kAppend, kSync, kRead };

  FaultyFileSystem();

  // From now on the operation fails with `error` on files whose names end in
  // `suffix` (".log" is the write-ahead log). One fault at a time.
  void Fail(Operation operation, std::string suffix, rocksdb::IOStatus error);
  // All is well again.
  void Repair();

  // What the operation answers now. For the files of this file system.
  rocksdb::IOStatus Check(Operation operation, const std::string& path) const;

  const char* Name() const override { return "FaultyFileSystem"; }
  rocksdb::IOStatus NewWritableFile(
      const std::string& path, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* file,
      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomAccessFile(
      const std::string& path, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
      rocksdb::IODebugContext* debug) override;

 private:
  mutable absl::Mutex mu_;
  Operation operation_ ABSL_GUARDED_BY(mu_) = Operation::kAppend;
  std::string suffix_ ABSL_GUARDED_BY(mu_);
  rocksdb::IOStatus error_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_FAULTY_FILE_SYSTEM_H_
