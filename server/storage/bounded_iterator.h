// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_BOUNDED_ITERATOR_H_
#define SLUICE_SERVER_STORAGE_BOUNDED_ITERATOR_H_

#include <memory>
#include <string>
#include <utility>

#include "rocksdb/db.h"

namespace sluice {

// An iterator over [lower, upper) of one family that owns its bounds, which
// RocksDB only points to. An empty `upper` is no bound. Short-lived: it pins
// the files that it sees. Thread-compatible.
class BoundedIterator {
 public:
  BoundedIterator(rocksdb::DB* db, rocksdb::ColumnFamilyHandle* family,
                  std::string lower, std::string upper,
                  rocksdb::ReadOptions options)
      : lower_(std::move(lower)),
        upper_(std::move(upper)),
        lower_slice_(lower_),
        upper_slice_(upper_) {
    options.iterate_lower_bound = &lower_slice_;
    if (!upper_.empty()) options.iterate_upper_bound = &upper_slice_;
    iterator_.reset(db->NewIterator(options, family));
  }
  BoundedIterator(const BoundedIterator&) = delete;
  BoundedIterator& operator=(const BoundedIterator&) = delete;

  rocksdb::Iterator* operator->() const { return iterator_.get(); }

 private:
  const std::string lower_;
  const std::string upper_;
  const rocksdb::Slice lower_slice_;
  const rocksdb::Slice upper_slice_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_BOUNDED_ITERATOR_H_
