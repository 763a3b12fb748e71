// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_MODEL_RESTARTABLE_ROCKS_STORE_H_
#define SLUICE_TESTS_MODEL_RESTARTABLE_ROCKS_STORE_H_

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "server/storage/memory_message_store.h"
#include "server/storage/rocks_message_store.h"
#include "server/storage/rocks_store_options.h"
#include "tests/model/restartable_store.h"

namespace sluice {

// Cannot lose power: a crash keeps all that was appended.
class RestartableRocksStore : public RestartableStore {
 public:
  explicit RestartableRocksStore(std::string path) : path_(std::move(path)) {
    std::filesystem::remove_all(path_);
  }
  ~RestartableRocksStore() override {
    Close();
    std::filesystem::remove_all(path_);
  }
  MessageStore& Open() override {
    RocksStoreOptions options;
    options.path = path_;
    auto store = OpenRocksMessageStore(options);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    return *store_;
  }
  void Close() override { store_.reset(); }
  void Crash(MemoryMessageStore::Crash) override { Close(); }

 private:
  const std::string path_;
  std::unique_ptr<MessageStore> store_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_MODEL_RESTARTABLE_ROCKS_STORE_H_
