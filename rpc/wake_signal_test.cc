// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/wake_signal.h"

#include <memory>

#include "grpcpp/completion_queue.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

// Serves what is in the queue, and whatever that brings.
int Serve(grpc::CompletionQueue* queue) {
  int events = 0;
  void* tag = nullptr;
  bool ok = false;
  while (queue->AsyncNext(&tag, &ok, gpr_inf_past(GPR_CLOCK_REALTIME)) ==
         grpc::CompletionQueue::GOT_EVENT) {
    static_cast<CompletionEvent*>(tag)->OnComplete(ok);
    ++events;
  }
  return events;
}

void Drain(grpc::CompletionQueue* queue) {
  queue->Shutdown();
  Serve(queue);
}

TEST(WakeSignal, ManyRaisesAreOneCall) {
  grpc::CompletionQueue queue;
  int calls = 0;
  auto signal = std::make_shared<WakeSignal>(&queue, [&] { ++calls; });
  signal->Raise();
  signal->Raise();
  Serve(&queue);
  EXPECT_EQ(calls, 1);
  signal->Raise();
  Serve(&queue);
  EXPECT_EQ(calls, 2);
  Drain(&queue);
}

TEST(WakeSignal, MayBeRaisedFromItsOwnCall) {
  grpc::CompletionQueue queue;
  int calls = 0;
  std::shared_ptr<WakeSignal> signal;
  signal = std::make_shared<WakeSignal>(&queue, [&] {
    if (++calls < 3) signal->Raise();
  });
  signal->Raise();
  Serve(&queue);
  EXPECT_EQ(calls, 3);
  signal->Close();
  Drain(&queue);
}

TEST(WakeSignal, IsSilentOnceClosed) {
  grpc::CompletionQueue queue;
  int calls = 0;
  auto signal = std::make_shared<WakeSignal>(&queue, [&] { ++calls; });
  signal->Raise();
  signal->Close();
  signal->Raise();
  signal.reset();  // what is under way keeps itself alive
  EXPECT_EQ(Serve(&queue), 1);
  EXPECT_EQ(calls, 0);
  Drain(&queue);
}

}  // namespace
}  // namespace sluice
