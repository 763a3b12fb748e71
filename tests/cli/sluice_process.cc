// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/sluice_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace sluice {
namespace {

std::string Environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::string Binary() {
  return absl::StrCat(Environment("TEST_SRCDIR", "."), "/",
                      Environment("TEST_WORKSPACE", "sluice"), "/cli/sluice");
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<char*> Pointers(std::vector<std::string>* texts) {
  std::vector<char*> pointers;
  for (std::string& text : *texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

SluiceProcess::SluiceProcess(Options options) {
  std::string pattern =
      absl::StrCat(Environment("TEST_TMPDIR", "/tmp"), "/sluice.XXXXXX");
  directory_ = mkdtemp(pattern.data());
  int input_fd = -1;
  if (options.open_input) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) std::abort();
    input_fd = fds[0];
    input_writer_ = fds[1];
  } else {
    std::ofstream(Path("input"), std::ios::binary) << options.input;
    input_fd = open(Path("input").c_str(), O_RDONLY | O_CLOEXEC);
  }
  pid_ = fork();
  if (pid_ == 0) Execute(options, input_fd);
  close(input_fd);
}

void SluiceProcess::Execute(const Options& options, int input_fd) {
  constexpr int kCreate = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  const int output_fd = options.output_fd >= 0
                            ? options.output_fd
                            : open(Path("output").c_str(), kCreate, 0600);
  dup2(input_fd, STDIN_FILENO);
  dup2(output_fd, STDOUT_FILENO);
  dup2(open(Path("error").c_str(), kCreate, 0600), STDERR_FILENO);
  std::vector<std::string> arguments = {"sluice"};
  arguments.insert(arguments.end(), options.arguments.begin(),
                   options.arguments.end());
  std::vector<std::string> variables;
  for (const auto& [name, value] : options.environment) {
    variables.push_back(absl::StrCat(name, "=", value));
  }
  execve(Binary().c_str(), Pointers(&arguments).data(),
         Pointers(&variables).data());
  _exit(127);
}

SluiceProcess::~SluiceProcess() {
  CloseInput();
  Signal(SIGKILL);
  Wait();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void SluiceProcess::WriteInput(const std::string& text) {
  if (write(input_writer_, text.data(), text.size()) !=
      static_cast<ssize_t>(text.size())) {
    std::abort();
  }
}

void SluiceProcess::CloseInput() {
  if (input_writer_ >= 0) close(input_writer_);
  input_writer_ = -1;
}

void SluiceProcess::Signal(int signal) {
  if (pid_ > 0) kill(pid_, signal);
}

int SluiceProcess::Wait(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (pid_ > 0) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      exit_code_ =
          WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    } else if (absl::Now() > deadline) {
      return -1;
    } else {
      absl::SleepFor(absl::Milliseconds(2));
    }
  }
  return exit_code_;
}

std::string SluiceProcess::output() const { return ReadFile(Path("output")); }
std::string SluiceProcess::error() const { return ReadFile(Path("error")); }

bool SluiceProcess::WaitForOutput(const std::string& text,
                                  absl::Duration timeout) const {
  return WaitFor("output", text, timeout);
}

bool SluiceProcess::WaitForError(const std::string& text,
                                 absl::Duration timeout) const {
  return WaitFor("error", text, timeout);
}

bool SluiceProcess::WaitFor(const char* name, const std::string& text,
                            absl::Duration timeout) const {
  const absl::Time deadline = absl::Now() + timeout;
  while (!absl::StrContains(ReadFile(Path(name)), text)) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

}  // namespace sluice
