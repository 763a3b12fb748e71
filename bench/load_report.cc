// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/load_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace sluice {
namespace {

constexpr double kMillion = 1e6;

double Rate(uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

std::string FlowAsText(const char* name, uint64_t messages, uint64_t bytes,
                       double seconds) {
  return absl::StrFormat("  %-10s %11d messages %10.0f /s %9.1f MB/s\n", name,
                         messages, Rate(messages, seconds),
                         Rate(bytes, seconds) / kMillion);
}

nlohmann::json FlowAsJson(uint64_t messages, uint64_t bytes, double seconds) {
  return {{"messages", messages},
          {"messages_per_second", Rate(messages, seconds)},
          {"megabytes_per_second", Rate(bytes, seconds) / kMillion}};
}

nlohmann::json PhaseAsJson(const LoadPhase& phase) {
  nlohmann::json json = {{"name", phase.name},
                         {"seconds", phase.seconds},
                         {"client_cpu_seconds", phase.client_cpu_seconds}};
  if (phase.published > 0) {
    json["published"] =
        FlowAsJson(phase.published, phase.published_bytes, phase.seconds);
  }
  if (phase.consumed > 0) {
    json["consumed"] =
        FlowAsJson(phase.consumed, phase.consumed_bytes, phase.seconds);
  }
  if (phase.server) {
    json["server"] = {
        {"cpu_seconds", phase.server->cpu_seconds},
        {"cpu_seconds_per_million", phase.server_cpu_seconds_per_million()},
        {"rss_bytes", phase.server->rss_bytes},
        {"peak_rss_bytes", phase.server->peak_rss_bytes},
        {"threads", phase.server->threads},
        {"voluntary_switches", phase.server->voluntary_switches},
        {"involuntary_switches", phase.server->involuntary_switches}};
  }
  return json;
}

}  // namespace

double LoadPhase::published_per_second() const {
  return Rate(published, seconds);
}

double LoadPhase::consumed_per_second() const {
  return Rate(consumed, seconds);
}

double LoadPhase::server_cpu_seconds_per_million() const {
  const uint64_t messages = std::max(published, consumed);
  if (!server || messages == 0) return 0;
  return server->cpu_seconds / static_cast<double>(messages) * kMillion;
}

std::string LoadReportAsText(const std::vector<LoadPhase>& phases) {
  std::string text;
  for (const LoadPhase& phase : phases) {
    absl::StrAppendFormat(&text, "%s: %.3f s, client CPU %.2f s\n", phase.name,
                          phase.seconds, phase.client_cpu_seconds);
    if (phase.published > 0) {
      absl::StrAppend(&text, FlowAsText("published", phase.published,
                                        phase.published_bytes, phase.seconds));
    }
    if (phase.consumed > 0) {
      absl::StrAppend(&text, FlowAsText("consumed", phase.consumed,
                                        phase.consumed_bytes, phase.seconds));
    }
    if (phase.server) {
      absl::StrAppendFormat(
          &text,
          "  server     CPU %.2f s, %.3f s per million messages; RSS %.1f MB, "
          "peak %.1f MB; switches %d voluntary, %d not\n",
          phase.server->cpu_seconds, phase.server_cpu_seconds_per_million(),
          static_cast<double>(phase.server->rss_bytes) / kMillion,
          static_cast<double>(phase.server->peak_rss_bytes) / kMillion,
          phase.server->voluntary_switches, phase.server->involuntary_switches);
    }
  }
  return text;
}

std::string LoadReportAsJson(const std::vector<LoadPhase>& phases) {
  nlohmann::json json = {{"phases", nlohmann::json::array()}};
  for (const LoadPhase& phase : phases) {
    json["phases"].push_back(PhaseAsJson(phase));
  }
  return json.dump() + "\n";
}

}  // namespace sluice
