// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/idle_streams.h"

#include <chrono>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "sluice/v1/subscriber.grpc.pb.h"

namespace sluice {
namespace {

constexpr std::chrono::seconds kPatience{60};

// One stream: start, send `open`, read `opened`. Its address is the tag of
// whatever is under way.
struct IdleStream {
  enum class Step { kStart, kSend, kRead, kOpened };

  // False: it failed.
  bool GoOn(bool ok) {
    if (!ok) return false;
    switch (step) {
      case Step::kStart:
        step = Step::kSend;
        rpc->Write(open, this);
        return true;
      case Step::kSend:
        step = Step::kRead;
        rpc->Read(&response, this);
        return true;
      default:
        step = Step::kOpened;
        return response.has_opened();
    }
  }

  Step step = Step::kStart;
  grpc::ClientContext context;
  v1::SubscribeRequest open;
  v1::SubscribeResponse response;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<v1::SubscribeRequest,
                                                v1::SubscribeResponse>>
      rpc;
};

}  // namespace

struct IdleStreams::Streams {
  grpc::CompletionQueue queue;
  std::vector<std::shared_ptr<grpc::Channel>> connections;
  std::vector<std::unique_ptr<IdleStream>> streams;
};

IdleStreams::IdleStreams(const std::string& address, const std::string& topic,
                         const std::string& channel, int count,
                         int per_connection)
    : streams_(std::make_unique<Streams>()) {
  for (int i = 0; i < count; ++i) {
    if (i % per_connection == 0) {
      grpc::ChannelArguments arguments;
      // Else channels to one address share a connection.
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      streams_->connections.push_back(grpc::CreateCustomChannel(
          address, grpc::InsecureChannelCredentials(), arguments));
    }
    auto stream = std::make_unique<IdleStream>();
    stream->open.mutable_open()->set_topic(topic);
    stream->open.mutable_open()->set_channel(channel);
    const auto stub =
        v1::SubscriberService::NewStub(streams_->connections.back());
    stream->rpc =
        stub->AsyncSubscribe(&stream->context, &streams_->queue, stream.get());
    streams_->streams.push_back(std::move(stream));
  }
}

IdleStreams::~IdleStreams() {
  for (const auto& stream : streams_->streams) stream->context.TryCancel();
  streams_->queue.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (streams_->queue.Next(&tag, &ok)) {
  }
}

bool IdleStreams::WaitUntilOpened() {
  const auto deadline = std::chrono::system_clock::now() + kPatience;
  for (size_t open = 0; open < streams_->streams.size();) {
    void* tag = nullptr;
    bool ok = false;
    if (streams_->queue.AsyncNext(&tag, &ok, deadline) !=
        grpc::CompletionQueue::GOT_EVENT) {
      return false;
    }
    IdleStream& stream = *static_cast<IdleStream*>(tag);
    if (!stream.GoOn(ok)) return false;
    if (stream.step == IdleStream::Step::kOpened) ++open;
  }
  return true;
}

}  // namespace sluice
