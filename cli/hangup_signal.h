// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_HANGUP_SIGNAL_H_
#define SLUICE_CLI_HANGUP_SIGNAL_H_

namespace sluice {

// Turns SIGHUP into something to poll for. Make it before the first thread of
// the process: from then on SIGHUP comes here only. One per process. One thread
// only.
class HangupSignal {
 public:
  HangupSignal();
  ~HangupSignal();
  HangupSignal(const HangupSignal&) = delete;
  HangupSignal& operator=(const HangupSignal&) = delete;

  // Readable when one came.
  int fd() const { return fd_; }

  // Whether one came since the last call. Does not wait.
  bool Take();

 private:
  int fd_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_HANGUP_SIGNAL_H_
