// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_REFLECTION_V1_H_
#define SLUICE_RPC_REFLECTION_V1_H_

#include <string>
#include <vector>

#include "grpc/reflection/v1/reflection.grpc.pb.h"

namespace sluice {

// Answers one question about the protos that are linked into this program, as
// grpc.reflection.v1 wants it. `services` are the full names of those on offer.
void AnswerReflection(
    const std::vector<std::string>& services,
    const grpc::reflection::v1::ServerReflectionRequest& request,
    grpc::reflection::v1::ServerReflectionResponse* response);

}  // namespace sluice

#endif  // SLUICE_RPC_REFLECTION_V1_H_
