// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_MESSAGE_H_
#define SLUICE_CLIENT_MESSAGE_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"

namespace sluice {

// A message as it was delivered. A value type.
struct Message {
  std::string topic;
  std::string channel;
  // The address of the node it came from. Ids are of a topic on one node.
  std::string node;
  uint64_t id = 0;
  // How often the channel has delivered it, this time included.
  uint32_t attempts = 0;
  absl::Time publish_time;  // by the node's clock
  std::string body;
  std::map<std::string, std::string> attributes;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_MESSAGE_H_
