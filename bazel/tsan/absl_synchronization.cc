// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Tells ThreadSanitizer about Abseil's locks.
//
// The system's libabsl_synchronization is not built with -fsanitize=thread, and
// locks by futexes of its own: ThreadSanitizer does not see that an absl::Mutex
// orders anything, and calls every guarded field a race. Linked into an
// executable, the definitions below stand before the library's. Each calls the
// library's and adds the order that it makes:
//
//   release   what this thread did so far is visible to whoever acquires next
//   acquire   this thread sees what was released before
//
// Memory accesses inside the library's functions are ignored, because an unlock
// evaluates the conditions of the threads that wait, on their behalf.

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <typeinfo>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace absl {
ABSL_NAMESPACE_BEGIN
namespace {

void Acquire(const void* address) {
  __tsan_acquire(const_cast<void*>(address));
}

void Release(const void* address) {
  __tsan_release(const_cast<void*>(address));
}

class IgnoreAccesses {
 public:
  IgnoreAccesses() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~IgnoreAccesses() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

// The library's own definition of a member function. `method` is the mangled
// name behind that of the class.
template <typename Class>
void* Library(const char* method, bool is_const = false) {
  // "N4absl<inline namespace>5MutexE", without the leading N and the last E.
  std::string name = typeid(Class).name();
  name = name.substr(1, name.size() - 2);
  name = (is_const ? "_ZNK" : "_ZN") + name + method;
  void* function = dlsym(RTLD_NEXT, name.c_str());
  if (function == nullptr) {
    std::fprintf(stderr, "no %s in the Abseil library\n", name.c_str());
    std::abort();
  }
  return function;
}

// Calls a member function that `Library` found: `object` is its `this`.
template <typename Result, typename Object, typename... Args>
Result Call(void* function, Object* object, Args... args) {
  IgnoreAccesses ignore;
  return reinterpret_cast<Result (*)(Object*, Args...)>(function)(object,
                                                                  args...);
}

// Where an inlined Notification::HasBeenNotified loads from. ThreadSanitizer
// sees that load and makes it acquire what was released at this address.
const void* NotifiedFlag(const Notification* notification) {
  return reinterpret_cast<const char*>(notification) + sizeof(Mutex);
}

}  // namespace

void Mutex::Lock() {
  static void* const library = Library<Mutex>("4LockEv");
  Call<void>(library, this);
  Acquire(this);
}

bool Mutex::TryLock() {
  static void* const library = Library<Mutex>("7TryLockEv");
  const bool locked = Call<bool>(library, this);
  if (locked) Acquire(this);
  return locked;
}

void Mutex::Unlock() {
  static void* const library = Library<Mutex>("6UnlockEv");
  Release(this);
  Call<void>(library, this);
}

void Mutex::ReaderLock() {
  static void* const library = Library<Mutex>("10ReaderLockEv");
  Call<void>(library, this);
  Acquire(this);
}

bool Mutex::ReaderTryLock() {
  static void* const library = Library<Mutex>("13ReaderTryLockEv");
  const bool locked = Call<bool>(library, this);
  if (locked) Acquire(this);
  return locked;
}

void Mutex::ReaderUnlock() {
  static void* const library = Library<Mutex>("12ReaderUnlockEv");
  Release(this);
  Call<void>(library, this);
}

void Mutex::LockWhen(const Condition& condition) {
  static void* const library = Library<Mutex>("8LockWhenERKNS0_9ConditionE");
  Call<void>(library, this, &condition);
  Acquire(this);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  static void* const library =
      Library<Mutex>("19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  const bool met = Call<bool>(library, this, &condition, timeout);
  Acquire(this);
  return met;
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  static void* const library =
      Library<Mutex>("20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  const bool met = Call<bool>(library, this, &condition, deadline);
  Acquire(this);
  return met;
}

void Mutex::ReaderLockWhen(const Condition& condition) {
  static void* const library =
      Library<Mutex>("14ReaderLockWhenERKNS0_9ConditionE");
  Call<void>(library, this, &condition);
  Acquire(this);
}

bool Mutex::ReaderLockWhenWithTimeout(const Condition& condition,
                                      Duration timeout) {
  static void* const library = Library<Mutex>(
      "25ReaderLockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  const bool met = Call<bool>(library, this, &condition, timeout);
  Acquire(this);
  return met;
}

bool Mutex::ReaderLockWhenWithDeadline(const Condition& condition,
                                       Time deadline) {
  static void* const library = Library<Mutex>(
      "26ReaderLockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  const bool met = Call<bool>(library, this, &condition, deadline);
  Acquire(this);
  return met;
}

void Mutex::Await(const Condition& condition) {
  static void* const library = Library<Mutex>("5AwaitERKNS0_9ConditionE");
  Release(this);
  Call<void>(library, this, &condition);
  Acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static void* const library =
      Library<Mutex>("16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  Release(this);
  const bool met = Call<bool>(library, this, &condition, timeout);
  Acquire(this);
  return met;
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static void* const library =
      Library<Mutex>("17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  Release(this);
  const bool met = Call<bool>(library, this, &condition, deadline);
  Acquire(this);
  return met;
}

void CondVar::Wait(Mutex* mutex) {
  static void* const library = Library<CondVar>("4WaitEPNS0_5MutexE");
  Release(mutex);
  Call<void>(library, this, mutex);
  Acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static void* const library =
      Library<CondVar>("15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  Release(mutex);
  const bool timed_out = Call<bool>(library, this, mutex, timeout);
  Acquire(mutex);
  return timed_out;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static void* const library =
      Library<CondVar>("16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  Release(mutex);
  const bool timed_out = Call<bool>(library, this, mutex, deadline);
  Acquire(mutex);
  return timed_out;
}

void Notification::Notify() {
  static void* const library = Library<Notification>("6NotifyEv");
  Release(NotifiedFlag(this));
  Call<void>(library, this);
}

void Notification::WaitForNotification() const {
  static void* const library =
      Library<Notification>("19WaitForNotificationEv", /*is_const=*/true);
  Call<void>(library, this);
  Acquire(NotifiedFlag(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static void* const library =
      Library<Notification>("30WaitForNotificationWithTimeoutENS0_8DurationE",
                            /*is_const=*/true);
  const bool notified = Call<bool>(library, this, timeout);
  if (notified) Acquire(NotifiedFlag(this));
  return notified;
}

bool Notification::WaitForNotificationWithDeadline(Time deadline) const {
  static void* const library =
      Library<Notification>("31WaitForNotificationWithDeadlineENS0_4TimeE",
                            /*is_const=*/true);
  const bool notified = Call<bool>(library, this, deadline);
  if (notified) Acquire(NotifiedFlag(this));
  return notified;
}

bool BlockingCounter::DecrementCount() {
  static void* const library = Library<BlockingCounter>("14DecrementCountEv");
  Release(this);
  return Call<bool>(library, this);
}

void BlockingCounter::Wait() {
  static void* const library = Library<BlockingCounter>("4WaitEv");
  Call<void>(library, this);
  Acquire(this);
}

ABSL_NAMESPACE_END
}  // namespace absl
