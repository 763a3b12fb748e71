// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/client_runtime.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/version.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace sluice {
namespace {

// Above any frame that a node sends, whose limits can be raised.
constexpr int kMaxReceiveBytes = 64 << 20;
// A node that has vanished is noticed after the sum; nodes allow a ping every
// 10 s.
constexpr int kKeepaliveTimeMillis = 10'000;
constexpr int kKeepaliveTimeoutMillis = 5'000;
// How long to wait for a machine that does not answer at all.
constexpr int kConnectTimeoutMillis = 2'000;

ClientOptions Completed(ClientOptions options) {
  if (options.client_id.empty()) {
    char name[256] = {};
    if (gethostname(name, sizeof(name) - 1) == 0) options.client_id = name;
  }
  if (options.user_agent.empty()) {
    options.user_agent = absl::StrCat("sluice-client/", kVersion);
  }
  if (options.credentials == nullptr) {
    options.credentials = grpc::InsecureChannelCredentials();
  }
  return options;
}

grpc::ChannelArguments ArgumentsFor(const ClientOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix(options.user_agent);
  arguments.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMillis);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Nodes are neighbours; a proxy meant for the web is not on the way.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Our own delays decide when to try again, and request ids make it safe.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  const auto millis = [](absl::Duration delay) {
    return static_cast<int>(absl::ToInt64Milliseconds(delay)) + 1;
  };
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS,
                   millis(options.min_reconnect_delay));
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS,
                   millis(options.max_reconnect_delay));
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectTimeoutMillis);
  // Connections end with the ClusterConnection they belong to.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return arguments;
}

}  // namespace

ClientRuntime::ClientRuntime(ClientOptions options)
    : options_(Completed(std::move(options))) {}

std::shared_ptr<grpc::Channel> ClientRuntime::Channel(
    const std::string& address) {
  const absl::MutexLock lock(&mu_);
  std::shared_ptr<grpc::Channel> channel = channels_[address].lock();
  if (channel != nullptr) return channel;
  for (auto entry = channels_.begin(); entry != channels_.end();) {
    entry = entry->second.expired() ? channels_.erase(entry) : ++entry;
  }
  channel = grpc::CreateCustomChannel(address, options_.credentials,
                                      ArgumentsFor(options_));
  channels_[address] = channel;
  return channel;
}

uint64_t ClientRuntime::RandomBits() {
  const absl::MutexLock lock(&mu_);
  return absl::Uniform<uint64_t>(random_);
}

double ClientRuntime::RandomFraction() {
  const absl::MutexLock lock(&mu_);
  return absl::Uniform<double>(random_, 0, 1);
}

}  // namespace sluice
