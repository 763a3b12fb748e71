// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CONFORMANCE_KEPT_BACK_MEMORY_H_
#define SLUICE_TESTS_CONFORMANCE_KEPT_BACK_MEMORY_H_

#include <cstdint>

namespace sluice {

// What a node's resident memory has beside what the node uses. AddressSanitizer
// keeps freed memory back so that its use is noticed: 256 MiB, unless it is
// told otherwise.
#ifdef __SANITIZE_ADDRESS__
constexpr int64_t kKeptBackKilobytes = 256 * 1024;
#else
constexpr int64_t kKeptBackKilobytes = 0;
#endif

}  // namespace sluice

#endif  // SLUICE_TESTS_CONFORMANCE_KEPT_BACK_MEMORY_H_
