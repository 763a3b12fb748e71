// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/process_usage.h"

#include <dirent.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace sluice {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// The number after `key` in a file of "Key:   123 kB" lines; 0 without it.
uint64_t StatusField(absl::string_view status, absl::string_view key) {
  for (absl::string_view line : absl::StrSplit(status, '\n')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    if (parts.first != key) continue;
    const std::vector<absl::string_view> words =
        absl::StrSplit(parts.second, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    uint64_t value = 0;
    if (!words.empty() && absl::SimpleAtoi(words[0], &value)) return value;
  }
  return 0;
}

std::vector<std::string> ThreadFolders(const std::string& tasks) {
  std::vector<std::string> folders;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(tasks.c_str()),
                                                closedir);
  if (dir == nullptr) return folders;
  while (const dirent* entry = readdir(dir.get())) {
    if (entry->d_name[0] != '.') {
      folders.push_back(absl::StrCat(tasks, "/", entry->d_name));
    }
  }
  return folders;
}

// Fields 14 and 15 of /proc/PID/stat; the second field may hold spaces.
double CpuSeconds(absl::string_view stat) {
  const size_t name_end = stat.rfind(')');
  if (name_end == absl::string_view::npos) return 0;
  const std::vector<absl::string_view> words =
      absl::StrSplit(stat.substr(name_end + 1), ' ', absl::SkipEmpty());
  uint64_t user = 0;
  uint64_t system = 0;
  if (words.size() < 13 || !absl::SimpleAtoi(words[11], &user) ||
      !absl::SimpleAtoi(words[12], &system)) {
    return 0;
  }
  return static_cast<double>(user + system) /
         static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

ProcessUsage ProcessUsage::Since(const ProcessUsage& before) const {
  ProcessUsage used = *this;
  used.cpu_seconds -= before.cpu_seconds;
  used.voluntary_switches -= before.voluntary_switches;
  used.involuntary_switches -= before.involuntary_switches;
  return used;
}

absl::StatusOr<ProcessUsage> ReadProcessUsage(pid_t pid) {
  const std::string folder = absl::StrCat("/proc/", pid);
  const std::string status = ReadFile(folder + "/status");
  if (status.empty()) {
    return absl::NotFoundError(absl::StrCat("no process ", pid));
  }
  ProcessUsage usage;
  usage.cpu_seconds = CpuSeconds(ReadFile(folder + "/stat"));
  usage.threads = StatusField(status, "Threads");
  usage.rss_bytes = StatusField(status, "VmRSS") << 10;
  usage.peak_rss_bytes = StatusField(status, "VmHWM") << 10;
  // A process's own status file counts the switches of its first thread only.
  for (const std::string& thread : ThreadFolders(folder + "/task")) {
    const std::string thread_status = ReadFile(thread + "/status");
    usage.voluntary_switches +=
        StatusField(thread_status, "voluntary_ctxt_switches");
    usage.involuntary_switches +=
        StatusField(thread_status, "nonvoluntary_ctxt_switches");
  }
  return usage;
}

}  // namespace sluice
