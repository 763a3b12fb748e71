// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_EVENT_H_
#define SLUICE_BENCH_EVENT_H_

namespace sluice {

// What a completion queue's tag points at: the thing to tell when an operation
// has ended. Owned by whoever started the operation, and alive until then.
class Event {
 public:
  virtual ~Event() = default;

  // `ok` as the completion queue says it: false means that the operation did
  // not happen, because the stream is at its end.
  virtual void Done(bool ok) = 0;
};

// Calls a method of its owner, as in
//   MethodEvent<Stream, &Stream::OnRead> read_{this};
template <typename Owner, void (Owner::*kMethod)(bool)>
class MethodEvent final : public Event {
 public:
  explicit MethodEvent(Owner* owner) : owner_(owner) {}
  void Done(bool ok) override { (owner_->*kMethod)(ok); }

 private:
  Owner* const owner_;
};

}  // namespace sluice

#endif  // SLUICE_BENCH_EVENT_H_
