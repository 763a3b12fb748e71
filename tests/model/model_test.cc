// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// Random operations on a whole broker, held against a model of its channels.
#include "gtest/gtest.h"
#include "tests/model/model_run.h"
#include "tests/model/model_seed.h"
#include "tests/model/restartable_store.h"

namespace sluice {
namespace {

TEST(Model, ABrokerOverMemoryDoesWhatTheModelAllows) {
  RestartableMemoryStore store;
  RunAgainstModel(store, ModelSeed(), 10'000);
}

}  // namespace
}  // namespace sluice
