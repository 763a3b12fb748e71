// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Prints the messages of a channel until it is interrupted.
//
//   consumer TOPIC CHANNEL [ADDRESS...]    default 127.0.0.1:4150
//
// A message whose body is empty is taken for a failure here, to show what
// happens then: it comes again, and everything slows down meanwhile.
#include <signal.h>

#include <iostream>
#include <memory>
#include <string>

#include "client/cluster_connection.h"
#include "client/consumer.h"

namespace {

sluice::HandlerResult Print(const sluice::Message& message) {
  if (message.body.empty()) return sluice::HandlerResult::Requeue();
  std::cout << message.body << std::endl;
  return sluice::HandlerResult::Finish();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: consumer TOPIC CHANNEL [ADDRESS...]" << std::endl;
    return 2;
  }
  // Before there is any thread, so that this one alone hears of them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  sluice::ClientOptions client;
  client.addresses.assign(argv + 3, argv + argc);
  if (client.addresses.empty()) client.addresses = {"127.0.0.1:4150"};
  const auto connection = sluice::ClusterConnection::Create(client);
  if (!connection.ok()) {
    std::cerr << connection.status().message() << std::endl;
    return 2;
  }
  sluice::ConsumerOptions options;
  options.topic = argv[1];
  options.channel = argv[2];
  options.on_error = [](const std::string& node, const absl::Status& status) {
    std::cerr << node << ": " << status.message() << std::endl;
  };
  const auto consumer = sluice::Consumer::Create(*connection, options, Print);
  if (!consumer.ok()) {
    std::cerr << consumer.status().message() << std::endl;
    return 2;
  }
  int signal = 0;
  sigwait(&signals, &signal);
  // What is being printed is finished, the rest given back.
  const absl::Status status = (*consumer)->Stop(absl::Seconds(10));
  std::cerr << (*consumer)->stats().finished << " finished" << std::endl;
  return status.ok() ? 0 : 1;
}
