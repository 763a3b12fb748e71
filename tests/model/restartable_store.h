// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_MODEL_RESTARTABLE_STORE_H_
#define SLUICE_TESTS_MODEL_RESTARTABLE_STORE_H_

#include "server/storage/memory_message_store.h"
#include "server/storage/message_store.h"

namespace sluice {

// A store that can be closed and opened again, also as after a crash.
class RestartableStore {
 public:
  virtual ~RestartableStore() = default;
  virtual MessageStore& Open() = 0;
  virtual void Close() = 0;
  // Closes it and loses what such a crash may lose.
  virtual void Crash(MemoryMessageStore::Crash crash) = 0;
};

class RestartableMemoryStore : public RestartableStore {
 public:
  MessageStore& Open() override { return store_; }
  void Close() override {}
  void Crash(MemoryMessageStore::Crash crash) override {
    store_.CrashForTest(crash);
  }

 private:
  MemoryMessageStore store_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_MODEL_RESTARTABLE_STORE_H_
