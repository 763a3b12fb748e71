// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// A node that keeps nothing: see README.md and null_service.h.

#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "bench/null_service.h"

namespace {

void AddFlags(CLI::App* app, sluice::NullServiceOptions* options) {
  app->option_defaults()->always_capture_default();
  app->add_option("--grpc-address", options->address, "where to listen");
  app->add_option("--threads", options->threads, "completion-queue threads")
      ->check(CLI::Range(1, 64));
  app->add_option("--deliver-batch", options->conversation.deliver_batch,
                  "messages in a frame of deliveries")
      ->check(CLI::Range(1, 100000));
  app->add_option("--deliver-size", options->conversation.deliver_bytes,
                  "bytes of a delivered body");
  app->add_flag("!--raw", options->conversation.use_protobuf,
                "do not parse publishes nor serialise deliveries");
  app->add_option("--tcp-read-chunk", options->tcp_read_chunk_bytes,
                  "gRPC's tcp_read_chunk_size");
  app->add_option("--http2-frame", options->http2_frame_bytes,
                  "gRPC's http2.max_frame_size");
  app->add_option("--http2-lookahead", options->http2_lookahead_bytes,
                  "gRPC's http2.lookahead_bytes");
  app->add_flag("!--no-bandwidth-probe", options->bandwidth_probe,
                "switch gRPC's http2.bdp_probe off");
}

}  // namespace

int main(int argc, char** argv) {
  sluice::NullServiceOptions options;
  CLI::App app("A node that answers at once and keeps nothing.", "null_node");
  AddFlags(&app, &options);
  CLI11_PARSE(app, argc, argv);

  // Before the first thread, so that they all leave the signals to sigwait.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto service = sluice::NullService::Start(options);
  if (!service.ok()) {
    std::cerr << "null_node: " << service.status().message() << "\n";
    return 1;
  }
  std::cout << "serving on port " << (*service)->port() << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}
