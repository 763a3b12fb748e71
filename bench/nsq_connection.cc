// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/nsq_connection.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace sluice {
namespace {

constexpr size_t kReadBytes = 64 << 10;

}  // namespace

NsqConnection::~NsqConnection() {
  if (socket_ >= 0) close(socket_);
}

absl::Status NsqConnection::Connect(absl::string_view address) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(address, absl::MaxSplits(':', 1));
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(parts.first.c_str(), parts.second.c_str(), &hints, &found) !=
      0) {
    return absl::InvalidArgumentError(absl::StrCat("no address: ", address));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found,
                                                             freeaddrinfo);
  socket_ = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
  if (socket_ < 0 || connect(socket_, found->ai_addr, found->ai_addrlen) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("connecting to ", address));
  }
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return Write(kNsqMagic);
}

absl::Status NsqConnection::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return absl::ErrnoToStatus(errno, "writing to nsqd");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<NsqFrame>> NsqConnection::Read() {
  std::vector<NsqFrame> frames;
  std::array<char, kReadBytes> chunk;
  while (frames.empty()) {
    const ssize_t size = recv(socket_, chunk.data(), chunk.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return absl::CancelledError("nsqd's connection ended");
    unread_.append(chunk.data(), static_cast<size_t>(size));
    absl::string_view left = unread_;
    while (true) {
      auto frame = TakeNsqFrame(&left);
      if (!frame.ok()) return frame.status();
      if (!frame->has_value()) break;
      frames.push_back(**std::move(frame));
    }
    unread_.erase(0, unread_.size() - left.size());
  }
  return frames;
}

void NsqConnection::Shutdown() { shutdown(socket_, SHUT_RDWR); }

}  // namespace sluice
