// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_CALL_ERROR_H_
#define SLUICE_CLIENT_CALL_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace sluice {

// What a call ended with: the node's own error with its reason where it gave
// one, and otherwise a sentence that names the address. An OK, which a stream
// that should have gone on may end with, is UNAVAILABLE here.
absl::Status CallError(const grpc::Status& status, const std::string& address);

}  // namespace sluice

#endif  // SLUICE_CLIENT_CALL_ERROR_H_
