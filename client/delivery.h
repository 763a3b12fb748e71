// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_DELIVERY_H_
#define SLUICE_CLIENT_DELIVERY_H_

#include <cstdint>
#include <memory>

#include "client/handler_result.h"
#include "client/message.h"

namespace sluice {

// Takes what becomes of deliveries; the consumer that made them.
class DeliverySink;

// A message that is held until it is completed, from whatever thread and
// whenever: what an asynchronous handler is given. Its lease is renewed
// meanwhile where the consumer does that.
//
// Move-only; one thread at a time. One that is destroyed without having been
// completed is requeued, as a failure. May outlive its consumer: then nothing
// happens, and the message is delivered again.
class Delivery {
 public:
  Delivery(std::shared_ptr<DeliverySink> sink, uint64_t ticket,
           std::unique_ptr<Message> message);
  ~Delivery();
  Delivery(Delivery&& other) noexcept;
  Delivery& operator=(Delivery&& other) noexcept;

  // Not after Complete.
  const Message& message() const { return *message_; }

  // Ends it, once; later calls do nothing. Returns at once: the command goes
  // out with others. Where the lease has run out meanwhile, the message is
  // delivered again (ConsumerStats::late).
  void Complete(const HandlerResult& result);
  void Finish() { Complete(HandlerResult::Finish()); }

  // Renews the lease, where the consumer does not do it by itself.
  void Touch();

 private:
  std::shared_ptr<DeliverySink> sink_;
  uint64_t ticket_ = 0;
  std::unique_ptr<Message> message_;
};

// Implemented by the consumer. Thread-safe; neither call blocks.
class DeliverySink {
 public:
  virtual ~DeliverySink() = default;
  virtual void Complete(uint64_t ticket, const Message& message,
                        const HandlerResult& result) = 0;
  virtual void Touch(uint64_t ticket) = 0;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_DELIVERY_H_
