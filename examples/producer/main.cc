// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Publishes the lines of standard input to a topic.
//
//   producer TOPIC [ADDRESS...]            default 127.0.0.1:4150
//
// Lines are put together to batches by themselves. With several addresses it
// goes to the first that works, and to another when that one drains or dies.
#include <atomic>
#include <iostream>
#include <memory>
#include <string>

#include "client/cluster_connection.h"
#include "client/producer.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: producer TOPIC [ADDRESS...]" << std::endl;
    return 2;
  }
  sluice::ClientOptions options;
  options.addresses.assign(argv + 2, argv + argc);
  if (options.addresses.empty()) options.addresses = {"127.0.0.1:4150"};
  const auto connection = sluice::ClusterConnection::Create(options);
  if (!connection.ok()) {
    std::cerr << connection.status().message() << std::endl;
    return 2;
  }
  const auto producer =
      sluice::Producer::Create(*connection, sluice::ProducerOptions());

  std::atomic<int> failed{0};
  std::string line;
  while (std::getline(std::cin, line)) {
    sluice::OutgoingMessage message;
    message.body = line;
    // Waits only while too much is unanswered.
    (*producer)->Publish(argv[1], message, [&failed](const auto& published) {
      if (published.ok()) return;
      ++failed;
      std::cerr << published.status().message() << std::endl;
    });
  }
  const absl::Status status = (*producer)->Close(absl::Seconds(60));
  std::cout << (*producer)->stats().published << " published" << std::endl;
  return status.ok() && failed == 0 ? 0 : 1;
}
