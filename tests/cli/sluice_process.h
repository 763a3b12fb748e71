// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CLI_SLUICE_PROCESS_H_
#define SLUICE_TESTS_CLI_SLUICE_PROCESS_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace sluice {

// One run of `sluice` with nothing of a terminal. Its standard input is a file,
// a pipe that stays open until CloseInput, or the pipe of the test's choice;
// its outputs are files, so it never waits for the test. Thread-compatible.
class SluiceProcess {
 public:
  struct Options {
    std::vector<std::string> arguments;
    std::string input;                               // a file with this text
    bool open_input = false;                         // a pipe instead
    int output_fd = -1;                              // instead of a file
    std::map<std::string, std::string> environment;  // and nothing else
  };

  explicit SluiceProcess(Options options);
  // Kills it if it still runs.
  ~SluiceProcess();
  SluiceProcess(const SluiceProcess&) = delete;
  SluiceProcess& operator=(const SluiceProcess&) = delete;

  void WriteInput(const std::string& text);
  void CloseInput();
  void Signal(int signal);

  // The exit code, 128 + the signal that killed it, or -1 if it still runs
  // after `timeout`.
  int Wait(absl::Duration timeout = absl::Seconds(30));

  // What it wrote so far.
  std::string output() const;
  std::string error() const;

  // Waits until it wrote `text` to standard output, or to standard error. False
  // when it did not.
  bool WaitForOutput(const std::string& text,
                     absl::Duration timeout = absl::Seconds(20)) const;
  bool WaitForError(const std::string& text,
                    absl::Duration timeout = absl::Seconds(20)) const;

 private:
  std::string Path(const char* name) const { return directory_ + "/" + name; }
  bool WaitFor(const char* name, const std::string& text,
               absl::Duration timeout) const;
  [[noreturn]] void Execute(const Options& options, int input_fd);

  std::string directory_;
  int input_writer_ = -1;
  pid_t pid_ = -1;
  int exit_code_ = -1;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CLI_SLUICE_PROCESS_H_
