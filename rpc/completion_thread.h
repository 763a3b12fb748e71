// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_COMPLETION_THREAD_H_
#define SLUICE_RPC_COMPLETION_THREAD_H_

#include <memory>
#include <thread>

#include "grpcpp/completion_queue.h"

namespace sluice {

// What gRPC gives back when an operation is done: every tag of ours is one.
class CompletionEvent {
 public:
  // `ok` as gRPC documents it for the operation. May destroy the event.
  virtual void OnComplete(bool ok) = 0;

  // For gRPC, which carries it as void*; only CompletionThread casts it back.
  void* tag() { return this; }

 protected:
  ~CompletionEvent() = default;
};

// An event that calls a member function of its owner.
//
//   MemberEvent<Call, &Call::OnRead> read_done_{this};
template <typename Owner, void (Owner::*kMethod)(bool ok)>
class MemberEvent final : public CompletionEvent {
 public:
  explicit MemberEvent(Owner* owner) : owner_(owner) {}
  void OnComplete(bool ok) override { (owner_->*kMethod)(ok); }

 private:
  Owner* const owner_;
};

// One completion queue and the thread that serves it. A call is bound to one of
// these, and all its events run there one after another: its state needs no
// lock. Owned by its server.
//
// Nothing that runs here may block.
class CompletionThread {
 public:
  explicit CompletionThread(std::unique_ptr<grpc::ServerCompletionQueue> queue);
  // Stops, if that was not done.
  ~CompletionThread();
  CompletionThread(const CompletionThread&) = delete;
  CompletionThread& operator=(const CompletionThread&) = delete;

  // Begins to serve events; once, after the server has started.
  void Start();

  // Serves what is still outstanding, then ends the thread. The server must be
  // shut down, and no call may begin an operation any more.
  void Stop();

  grpc::ServerCompletionQueue* queue() { return queue_.get(); }

 private:
  void Run();

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::thread thread_;
  bool stopped_ = false;
};

}  // namespace sluice

#endif  // SLUICE_RPC_COMPLETION_THREAD_H_
