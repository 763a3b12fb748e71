// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BASE_VERSION_H_
#define SLUICE_BASE_VERSION_H_

namespace sluice {

// Of all binaries; they are released together. Semantic versioning.
constexpr char kVersion[] = "0.1.0";

}  // namespace sluice

#endif  // SLUICE_BASE_VERSION_H_
