// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_MODEL_MODEL_SEED_H_
#define SLUICE_TESTS_MODEL_MODEL_SEED_H_

#include <cstdlib>
#include <iostream>
#include <random>

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"

namespace sluice {

// What decides every choice of a run. Printed; SLUICE_MODEL_SEED in the
// environment repeats one.
inline unsigned ModelSeed() {
  unsigned seed = std::random_device{}();
  const char* const given = std::getenv("SLUICE_MODEL_SEED");
  if (given != nullptr) {
    EXPECT_TRUE(absl::SimpleAtoi(given, &seed)) << given;
  }
  std::cout << "SLUICE_MODEL_SEED=" << seed << std::endl;
  return seed;
}

}  // namespace sluice

#endif  // SLUICE_TESTS_MODEL_MODEL_SEED_H_
