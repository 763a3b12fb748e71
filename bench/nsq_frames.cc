// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/nsq_frames.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace sluice {
namespace {

constexpr size_t kSizeBytes = 4;
constexpr size_t kTypeBytes = 4;
constexpr size_t kIdBytes = 16;
constexpr size_t kMessageHeaderBytes = 8 + 2 + kIdBytes;
constexpr uint32_t kMaxFrameBytes = 64 << 20;

// Numbers are big-endian.
uint64_t Number(absl::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

std::string SizeOf(absl::string_view body) {
  std::string bytes(kSizeBytes, '\0');
  for (size_t i = 0; i < kSizeBytes; ++i) {
    bytes[i] = static_cast<char>(body.size() >> (8 * (kSizeBytes - 1 - i)));
  }
  return bytes;
}

}  // namespace

const absl::string_view kNsqMagic = "  V2";

std::string NsqIdentify(absl::string_view json) {
  return absl::StrCat("IDENTIFY\n", SizeOf(json), json);
}

std::string NsqSubscribe(absl::string_view topic, absl::string_view channel) {
  return absl::StrCat("SUB ", topic, " ", channel, "\n");
}

std::string NsqReady(int count) { return absl::StrCat("RDY ", count, "\n"); }

std::string NsqPublish(absl::string_view topic, absl::string_view body) {
  return absl::StrCat("PUB ", topic, "\n", SizeOf(body), body);
}

std::string NsqFinish(absl::string_view message_id) {
  return absl::StrCat("FIN ", message_id, "\n");
}

std::string NsqNop() { return "NOP\n"; }

absl::StatusOr<absl::optional<NsqFrame>> TakeNsqFrame(
    absl::string_view* bytes) {
  if (bytes->size() < kSizeBytes) return absl::nullopt;
  const auto size = static_cast<uint32_t>(Number(bytes->substr(0, kSizeBytes)));
  if (size < kTypeBytes || size > kMaxFrameBytes) {
    return absl::DataLossError(absl::StrCat("a frame of ", size, " bytes"));
  }
  if (bytes->size() < kSizeBytes + size) return absl::nullopt;
  NsqFrame frame;
  frame.type =
      static_cast<int32_t>(Number(bytes->substr(kSizeBytes, kTypeBytes)));
  frame.data =
      std::string(bytes->substr(kSizeBytes + kTypeBytes, size - kTypeBytes));
  bytes->remove_prefix(kSizeBytes + size);
  return frame;
}

absl::StatusOr<NsqMessage> ParseNsqMessage(absl::string_view data) {
  if (data.size() < kMessageHeaderBytes) {
    return absl::DataLossError(
        absl::StrCat("a message of ", data.size(), " bytes"));
  }
  NsqMessage message;
  message.timestamp = static_cast<int64_t>(Number(data.substr(0, 8)));
  message.attempts = static_cast<uint16_t>(Number(data.substr(8, 2)));
  message.id = data.substr(10, kIdBytes);
  message.body = data.substr(kMessageHeaderBytes);
  return message;
}

}  // namespace sluice
