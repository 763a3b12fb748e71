// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_SAMPLER_H_
#define SLUICE_SERVER_QUEUE_SAMPLER_H_

#include <cstdint>
#include <random>

namespace sluice {

// Decides by chance, message by message, which ones a sampling subscriber sees.
// Thread-compatible: guarded by its channel.
class Sampler {
 public:
  explicit Sampler(uint64_t seed)
      : random_(static_cast<std::minstd_rand::result_type>(seed)) {}

  // True for about `percent` of 100 calls, whatever the order they come in.
  bool Keeps(uint32_t percent) {
    return std::uniform_int_distribution<uint32_t>(0, 99)(random_) < percent;
  }

 private:
  std::minstd_rand random_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_SAMPLER_H_
