// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/nsq_path.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "bench/nsq_connection.h"
#include "bench/nsq_frames.h"

namespace sluice {
namespace {

constexpr int kReady = 2500;
constexpr char kUnbuffered[] = R"({"output_buffer_size": -1})";
// So that only one thread writes to the publishing connection.
constexpr char kWithoutHeartbeats[] = R"({"heartbeat_interval": -1})";
constexpr absl::string_view kHeartbeat = "_heartbeat_";

absl::Status AsError(const NsqFrame& frame) {
  return absl::UnknownError(absl::StrCat("nsqd says: ", frame.data));
}

class NsqPath final : public MessagePath {
 public:
  NsqPath(const std::string& address, const std::string& topic,
          const std::string& channel, bool buffered)
      : address_(address),
        topic_(topic),
        channel_(channel),
        buffered_(buffered) {}

  absl::Status Open() override {
    absl::Status status = publisher_.Connect(address_);
    status.Update(subscriber_.Connect(address_));
    if (status.ok()) {
      status = Command(NsqIdentify(kWithoutHeartbeats), &publisher_);
    }
    if (status.ok() && !buffered_) {
      status = Command(NsqIdentify(kUnbuffered), &subscriber_);
    }
    if (status.ok()) {
      status = Command(NsqSubscribe(topic_, channel_), &subscriber_);
    }
    if (status.ok()) status = subscriber_.Write(NsqReady(kReady));
    return status;
  }

  absl::Status Publish(absl::string_view body) override {
    return publisher_.Write(NsqPublish(topic_, body));
  }

  absl::Status AwaitAnswers() override {
    const auto frames = publisher_.Read();
    if (!frames.ok()) return frames.status();
    for (const NsqFrame& frame : *frames) {
      if (frame.type == NsqFrame::kError) return AsError(frame);
    }
    return absl::OkStatus();
  }

  absl::Status Receive(
      absl::FunctionRef<void(absl::string_view)> take) override {
    const auto frames = subscriber_.Read();
    if (!frames.ok()) return frames.status();
    std::string commands;
    for (const NsqFrame& frame : *frames) {
      if (frame.type == NsqFrame::kError) return AsError(frame);
      if (frame.type == NsqFrame::kMessage) {
        const auto message = ParseNsqMessage(frame.data);
        if (!message.ok()) return message.status();
        take(message->body);
        commands += NsqFinish(message->id);
      } else if (frame.data == kHeartbeat) {
        commands += NsqNop();
      }
    }
    return subscriber_.Write(commands);
  }

  void Close() override {
    publisher_.Shutdown();
    subscriber_.Shutdown();
  }

 private:
  // A command and its OK.
  static absl::Status Command(const std::string& command,
                              NsqConnection* connection) {
    const absl::Status written = connection->Write(command);
    if (!written.ok()) return written;
    const auto frames = connection->Read();
    if (!frames.ok()) return frames.status();
    const NsqFrame& answer = frames->front();
    return answer.type == NsqFrame::kError ? AsError(answer) : absl::OkStatus();
  }

  const std::string address_;
  const std::string topic_;
  const std::string channel_;
  const bool buffered_;
  NsqConnection publisher_;
  NsqConnection subscriber_;
};

}  // namespace

std::unique_ptr<MessagePath> MakeNsqPath(const std::string& address,
                                         const std::string& topic,
                                         const std::string& channel,
                                         bool buffered) {
  return std::make_unique<NsqPath>(address, topic, channel, buffered);
}

}  // namespace sluice
