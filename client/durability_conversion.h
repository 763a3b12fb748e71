// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_DURABILITY_CONVERSION_H_
#define SLUICE_CLIENT_DURABILITY_CONVERSION_H_

#include "client/publication.h"
#include "sluice/v1/types.pb.h"

namespace sluice {

// A level of durability as the contract has it, and as the library does. What a
// newer node may say and this one does not know is the topic's own.
PublishDurability FromProto(v1::Durability durability);
v1::Durability ToProto(PublishDurability durability);

}  // namespace sluice

#endif  // SLUICE_CLIENT_DURABILITY_CONVERSION_H_
