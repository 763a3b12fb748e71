// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// The same over the store that nodes use.
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/model/model_run.h"
#include "tests/model/model_seed.h"
#include "tests/model/restartable_rocks_store.h"

namespace sluice {
namespace {

TEST(Model, ABrokerOverRocksDbDoesWhatTheModelAllows) {
  const unsigned seed = ModelSeed();
  RestartableRocksStore store(
      absl::StrCat(testing::TempDir(), "/model_", seed));
  RunAgainstModel(store, seed, 1500);
}

}  // namespace
}  // namespace sluice
