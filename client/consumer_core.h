// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_CONSUMER_CORE_H_
#define SLUICE_CLIENT_CONSUMER_CORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/client_runtime.h"
#include "client/consumer_options.h"
#include "client/consumer_stats.h"
#include "client/consumer_streams.h"
#include "client/delivery.h"
#include "client/handler_result.h"
#include "client/message.h"
#include "client/work_queue.h"

namespace sluice {

// What stands behind a Consumer: its workers, and the way between them and the
// streams on the loop. Workers take messages from the queue; what becomes of
// them goes back through an inbox. Held by the Consumer, by its Deliveries and
// by what it has posted.
class ConsumerCore final : public std::enable_shared_from_this<ConsumerCore>,
                           public DeliverySink,
                           private ConsumerStreams::Owner {
 public:
  using Handler = std::function<HandlerResult(const Message&)>;
  using AsyncHandler = std::function<void(Delivery)>;

  // One of the two handlers is given.
  ConsumerCore(ClientRuntime* runtime, ConsumerOptions options, Handler handler,
               AsyncHandler async_handler);

  void Start();
  void SetMaxInFlight(uint32_t messages);
  absl::Status Stop(absl::Duration timeout) ABSL_LOCKS_EXCLUDED(mu_);
  // After Stop: waits for the handlers that still run. Last.
  void Join();
  ConsumerStats stats() ABSL_LOCKS_EXCLUDED(mu_);

  void Complete(uint64_t ticket, const Message& message,
                const HandlerResult& result) override ABSL_LOCKS_EXCLUDED(mu_);
  void Touch(uint64_t ticket) override ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Deliver(std::vector<WorkItem> items) override;
  std::vector<WorkItem> TakeBack() override { return queue_.TakeMessages(); }
  void Report(const std::string& address, const absl::Status& status) override
      ABSL_LOCKS_EXCLUDED(mu_);
  void OnClosed() override ABSL_LOCKS_EXCLUDED(mu_);

  void Work();
  void Handle(WorkItem item);
  void Add(Completion completion) ABSL_LOCKS_EXCLUDED(mu_);
  void RequestDrain() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // On the loop: brings the inbox to the streams.
  void DrainInbox() ABSL_LOCKS_EXCLUDED(mu_);
  void RunOnLoop(const std::function<void()>& task);

  ClientRuntime& runtime_;
  const ConsumerOptions options_;
  const Handler handler_;
  const AsyncHandler async_handler_;
  WorkQueue queue_;
  std::vector<std::thread> workers_;

  std::unique_ptr<ConsumerStreams> streams_;  // of the loop

  absl::Mutex mu_;
  std::vector<Completion> completions_ ABSL_GUARDED_BY(mu_);
  std::vector<uint64_t> touches_ ABSL_GUARDED_BY(mu_);
  bool drain_requested_ ABSL_GUARDED_BY(mu_) = false;
  int reports_ ABSL_GUARDED_BY(mu_) = 0;  // that wait for a worker
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;    // no stream is left
  bool detached_ ABSL_GUARDED_BY(mu_) = false;  // the loop is not ours any more
  absl::Status stop_status_ ABSL_GUARDED_BY(mu_);
  uint64_t given_up_ ABSL_GUARDED_BY(mu_) = 0;
  ConsumerStats last_stats_ ABSL_GUARDED_BY(mu_);  // once detached
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_CONSUMER_CORE_H_
