// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <utility>

namespace sluice {

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

Connections::Connections(std::string address, int count)
    : address_(std::move(address)) {
  for (int i = 0; i < count; ++i) channels_.push_back(Connect(address_));
}

std::shared_ptr<grpc::Channel> Connections::Next() {
  if (channels_.empty()) return Connect(address_);
  return channels_[next_++ % channels_.size()];
}

}  // namespace sluice
