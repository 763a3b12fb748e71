// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// A subscriber that takes leases and keeps them, for tests that kill it.
//   lease_holder ADDRESS TOPIC CHANNEL COUNT
#include <unistd.h>

#include <cstdlib>

#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const auto count = static_cast<uint32_t>(std::atoi(argv[4]));
  sluice::NodeClient client(argv[1]);
  sluice::SubscriberSession session(client,
                                    sluice::OpenOf(argv[2], argv[3], count));
  session.ExpectDeliveries(count);
  while (true) pause();
}
