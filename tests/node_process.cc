// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/node_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

constexpr absl::Duration kPollInterval = absl::Milliseconds(5);

std::string Environment(const char* name, absl::string_view otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::string(value) : std::string(otherwise);
}

// Where Bazel puts the binary for tests that depend on it.
std::string BinaryPath(const std::string& binary) {
  return absl::StrCat(Environment("TEST_SRCDIR", "."), "/",
                      Environment("TEST_WORKSPACE", "sluice"), "/", binary);
}

std::string MakeDirectory() {
  std::string path =
      absl::StrCat(Environment("TEST_TMPDIR", "/tmp"), "/node.XXXXXX");
  return mkdtemp(path.data()) != nullptr ? path : std::string();
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Starts `arguments`, with stdout and stderr in the given files. Spawned and
// not forked: a test with gRPC threads must not fork.
absl::Status Spawn(const std::vector<std::string>& arguments,
                   const std::string& standard_output,
                   const std::string& standard_error, pid_t* pid) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO,
                                   standard_output.c_str(), kFlags, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO,
                                   standard_error.c_str(), kFlags, 0600);
  const int error =
      posix_spawn(pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat(arguments[0], ": ", std::strerror(error)));
  }
  return absl::OkStatus();
}

}  // namespace

NodeProcess::NodeProcess(std::vector<std::string> flags)
    : NodeProcess("server/sluiced", /*has_data=*/true, std::move(flags)) {}

NodeProcess::NodeProcess(std::string binary, bool has_data,
                         std::vector<std::string> flags)
    : binary_(std::move(binary)),
      has_data_(has_data),
      flags_(std::move(flags)),
      directory_(MakeDirectory()) {}

NodeProcess::~NodeProcess() {
  Kill(SIGKILL);
  Wait();
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
}

std::vector<std::string> NodeProcess::CommandLine() const {
  std::vector<std::string> arguments = {
      BinaryPath(binary_),
      "--grpc-address=127.0.0.1:0",
      "--http-address=127.0.0.1:0",
      absl::StrCat("--address-file=", address_file()),
  };
  if (has_data_) {
    arguments.push_back(absl::StrCat("--data-path=", data_path()));
  }
  arguments.insert(arguments.end(), flags_.begin(), flags_.end());
  return arguments;
}

absl::Status NodeProcess::Launch() {
  if (running()) return absl::FailedPreconditionError("the node runs already");
  unlink(address_file().c_str());
  grpc_address_.clear();
  http_address_.clear();
  exit_code_ = -1;
  absl::Status status = Spawn(CommandLine(), directory_ + "/stdout",
                              directory_ + "/stderr", &pid_);
  if (!status.ok()) pid_ = -1;
  return status;
}

absl::Status NodeProcess::Start(absl::Duration timeout) {
  if (absl::Status status = Launch(); !status.ok()) return status;
  const absl::Time deadline = absl::Now() + timeout;
  while (!ReadAddressFile()) {
    if (absl::optional<int> code = Poll(); code.has_value()) {
      return absl::UnavailableError(
          absl::StrCat("the node exited with ", *code, ": ", standard_error()));
    }
    if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat("the node does not serve yet: ", standard_error()));
    }
    absl::SleepFor(kPollInterval);
  }
  return absl::OkStatus();
}

void NodeProcess::Kill(int signal) {
  if (running()) kill(pid_, signal);
}

int NodeProcess::Wait(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (true) {
    if (absl::optional<int> code = Poll(); code.has_value()) return *code;
    if (absl::Now() >= deadline) return -1;
    absl::SleepFor(kPollInterval);
  }
}

bool NodeProcess::running() { return !Poll().has_value(); }

std::string NodeProcess::standard_output() const {
  return ReadFile(directory_ + "/stdout");
}

std::string NodeProcess::standard_error() const {
  return ReadFile(directory_ + "/stderr");
}

bool NodeProcess::ReadAddressFile() {
  const auto json = nlohmann::json::parse(ReadFile(address_file()), nullptr,
                                          /*allow_exceptions=*/false);
  if (!json.is_object()) return false;
  grpc_address_ = json.value("grpc", "");
  http_address_ = json.value("http", "");
  return true;
}

absl::optional<int> NodeProcess::Poll() {
  if (pid_ == -1) return exit_code_;
  int status = 0;
  pid_t reaped = -1;
  do {
    reaped = waitpid(pid_, &status, WNOHANG);
  } while (reaped == -1 && errno == EINTR);
  if (reaped != pid_) return absl::nullopt;
  pid_ = -1;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

}  // namespace sluice
