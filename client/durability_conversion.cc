// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/durability_conversion.h"

namespace sluice {

PublishDurability FromProto(v1::Durability durability) {
  switch (durability) {
    case v1::DURABILITY_MEMORY:
      return PublishDurability::kMemory;
    case v1::DURABILITY_OS:
      return PublishDurability::kOs;
    case v1::DURABILITY_DISK:
      return PublishDurability::kDisk;
    default:
      return PublishDurability::kTopicDefault;
  }
}

v1::Durability ToProto(PublishDurability durability) {
  switch (durability) {
    case PublishDurability::kMemory:
      return v1::DURABILITY_MEMORY;
    case PublishDurability::kOs:
      return v1::DURABILITY_OS;
    case PublishDurability::kDisk:
      return v1::DURABILITY_DISK;
    case PublishDurability::kTopicDefault:
      return v1::DURABILITY_UNSPECIFIED;
  }
  return v1::DURABILITY_UNSPECIFIED;
}

}  // namespace sluice
