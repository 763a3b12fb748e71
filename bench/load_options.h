// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_LOAD_OPTIONS_H_
#define SLUICE_BENCH_LOAD_OPTIONS_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sluice/v1/types.pb.h"

namespace sluice {

enum class LoadMode { kPublish, kConsume, kBoth, kHold };

// What a run of the load generator does. A value type.
struct LoadOptions {
  LoadMode mode = LoadMode::kPublish;
  std::string address = "127.0.0.1:4150";
  std::string topic = "load";
  int topics = 0;  // kHold: so many, TOPIC-1, TOPIC-2, ...; 0: TOPIC alone
  std::vector<std::string> channels = {"load"};  // each gets every message

  // A run ends at what comes first; 0 means no such bound, not both may be 0.
  uint64_t messages = 0;  // published, and then consumed from each channel
  absl::Duration duration = absl::ZeroDuration();

  size_t message_bytes = 200;
  int batch = 200;       // messages in one publish
  int streams = 1;       // publish streams, and subscribers of each channel
  int outstanding = 16;  // unanswered publishes of a stream
  int connections = 0;   // that the streams share; 0: one each
  bool unary = false;    // a call for each publish instead of a stream
  v1::Durability durability = v1::DURABILITY_UNSPECIFIED;
  uint32_t ready = 2500;
  size_t finishes_per_frame = 0;  // 0: all that are waiting
  bool preload = false;  // kConsume: publish first, measure the consuming

  pid_t server_pid = 0;  // whose usage is reported; 0: nobody's
  bool json = false;

  uint64_t batches() const { return (messages + batch - 1) / batch; }
};

// The command line as options. On --help the text is in `help` and the answer
// is empty options; InvalidArgument for a bad flag or value.
absl::StatusOr<LoadOptions> ParseLoadOptions(int argc, const char* const* argv,
                                             std::string* help);

}  // namespace sluice

#endif  // SLUICE_BENCH_LOAD_OPTIONS_H_
