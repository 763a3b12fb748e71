// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_NSQ_FRAMES_H_
#define SLUICE_BENCH_NSQ_FRAMES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

// What NSQ's protocol V2 has on the wire, as far as a benchmark needs it.
namespace sluice {

// What a client sends first.
extern const absl::string_view kNsqMagic;

// Commands. Names are not checked.
std::string NsqIdentify(absl::string_view json);
std::string NsqSubscribe(absl::string_view topic, absl::string_view channel);
std::string NsqReady(int count);
std::string NsqPublish(absl::string_view topic, absl::string_view body);
std::string NsqFinish(absl::string_view message_id);
std::string NsqNop();  // the answer to a heartbeat

struct NsqFrame {
  enum Type : int32_t { kResponse = 0, kError = 1, kMessage = 2 };
  int32_t type = kResponse;
  std::string data;
};

// The views are into the frame's data.
struct NsqMessage {
  int64_t timestamp = 0;  // nanoseconds since 1970
  uint16_t attempts = 0;
  absl::string_view id;
  absl::string_view body;
};

// Takes the first frame from the front of `bytes`; nothing, and no change, when
// it is not complete. DataLoss for a length that no frame has.
absl::StatusOr<absl::optional<NsqFrame>> TakeNsqFrame(absl::string_view* bytes);

// DataLoss when the data are too short for a message.
absl::StatusOr<NsqMessage> ParseNsqMessage(absl::string_view data);

}  // namespace sluice

#endif  // SLUICE_BENCH_NSQ_FRAMES_H_
