// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_NSQ_CONNECTION_H_
#define SLUICE_BENCH_NSQ_CONNECTION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "bench/nsq_frames.h"

namespace sluice {

// A TCP connection to an nsqd. Blocks. One thread may write while another
// reads; Shutdown may be called from any.
class NsqConnection {
 public:
  NsqConnection() = default;
  ~NsqConnection();
  NsqConnection(const NsqConnection&) = delete;
  NsqConnection& operator=(const NsqConnection&) = delete;

  // To host:port, with the magic sent.
  absl::Status Connect(absl::string_view address);

  absl::Status Write(absl::string_view bytes);

  // Waits for the next frames and returns all that came. Cancelled when the
  // connection is at its end; DataLoss for bytes that are no frames.
  absl::StatusOr<std::vector<NsqFrame>> Read();

  // Both directions end; those that block return.
  void Shutdown();

 private:
  int socket_ = -1;
  std::string unread_;  // the beginning of a frame
};

}  // namespace sluice

#endif  // SLUICE_BENCH_NSQ_CONNECTION_H_
