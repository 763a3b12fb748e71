// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/relay_id.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "xxhash.h"

namespace sluice {

std::string RelayId(const Message& message, const std::string& target_topic) {
  // No name and no address holds a line break.
  const std::string source =
      absl::StrCat(message.node, "\n", message.topic, "\n", target_topic, "\n",
                   absl::ToUnixNanos(message.publish_time));
  const XXH128_hash_t hash = XXH3_128bits(source.data(), source.size());
  return absl::StrFormat("relay-%016x%016x-%d", hash.high64, hash.low64,
                         message.id);
}

}  // namespace sluice
