// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/completion_thread.h"

#include <utility>

namespace sluice {

CompletionThread::CompletionThread(
    std::unique_ptr<grpc::ServerCompletionQueue> queue)
    : queue_(std::move(queue)) {}

CompletionThread::~CompletionThread() { Stop(); }

void CompletionThread::Start() {
  thread_ = std::thread([this] { Run(); });
}

void CompletionThread::Stop() {
  if (stopped_) return;
  stopped_ = true;
  queue_->Shutdown();
  if (thread_.joinable()) {
    thread_.join();
  } else {
    Run();  // never started: gRPC still wants the queue drained
  }
}

void CompletionThread::Run() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) {
    static_cast<CompletionEvent*>(tag)->OnComplete(ok);
  }
}

}  // namespace sluice
