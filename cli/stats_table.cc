// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/stats_table.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/config_text.h"
#include "client/proto_duration.h"

namespace sluice {
namespace {

constexpr char kNone[] = "-";

// "-" on the first table, and after a restart of the node.
std::string Rate(uint64_t before, uint64_t now, absl::Duration time,
                 NumberStyle style) {
  if (now < before || time <= absl::ZeroDuration()) return kNone;
  return RateText(
      static_cast<double>(now - before) / absl::ToDoubleSeconds(time), style);
}

std::vector<Table::Column> Columns(bool with_rates) {
  constexpr auto kRight = Table::Align::kRight;
  std::vector<Table::Column> columns = {{"TOPIC"},
                                        {"CHANNEL"},
                                        {"DEPTH", kRight},
                                        {"IN-FLIGHT", kRight},
                                        {"DEFERRED", kRight},
                                        {"MESSAGES", kRight},
                                        {"FINISHED", kRight},
                                        {"REQUEUED", kRight},
                                        {"TIMED-OUT", kRight},
                                        {"DEAD", kRight},
                                        {"CLIENTS", kRight},
                                        {"OLDEST", kRight}};
  if (with_rates) {
    columns.push_back({"IN/S", kRight});
    columns.push_back({"OUT/S", kRight});
  }
  columns.push_back({"STATE"});
  return columns;
}

}  // namespace

StatsTable::StatsTable(bool with_rates, NumberStyle style)
    : with_rates_(with_rates), style_(style) {}

Table StatsTable::Next(const Topics& topics, SteadyTime now) {
  Table table(Columns(with_rates_));
  for (const v1::TopicStats& topic : topics) {
    AddTopic(topic, now, &table);
    for (const v1::ChannelStats& channel : topic.channels()) {
      AddChannel(topic.topic(), channel, now, &table);
    }
  }
  before_ = std::move(seen_);
  seen_.clear();
  return table;
}

void StatsTable::AddTopic(const v1::TopicStats& topic, SteadyTime now,
                          Table* table) {
  std::vector<std::string> cells = {topic.topic(),
                                    kNone,
                                    CountText(topic.depth(), style_),
                                    kNone,
                                    kNone,
                                    CountText(topic.message_count(), style_),
                                    kNone,
                                    kNone,
                                    kNone,
                                    kNone,
                                    CountText(topic.publisher_count(), style_),
                                    kNone};
  if (with_rates_) {
    cells.push_back(
        Rates(topic.topic(), {topic.message_count(), 0, now}).first);
    cells.push_back(kNone);
  }
  cells.push_back(PausedText(topic.paused()));
  table->AddRow(std::move(cells));
}

void StatsTable::AddChannel(const std::string& topic,
                            const v1::ChannelStats& channel, SteadyTime now,
                            Table* table) {
  std::vector<std::string> cells = {
      topic,
      channel.channel(),
      CountText(channel.depth(), style_),
      CountText(channel.in_flight_count(), style_),
      CountText(channel.deferred_count(), style_),
      CountText(channel.message_count(), style_),
      CountText(channel.finish_count(), style_),
      CountText(channel.requeue_count(), style_),
      CountText(channel.timeout_count(), style_),
      CountText(channel.dead_letter_count(), style_),
      CountText(channel.client_count(), style_),
      channel.has_oldest_message_age()
          ? DurationText(FromProto(channel.oldest_message_age()), style_)
          : kNone};
  if (with_rates_) {
    // No name holds a slash.
    auto [in, out] =
        Rates(absl::StrCat(topic, "/", channel.channel()),
              {channel.message_count(), channel.finish_count(), now});
    cells.push_back(std::move(in));
    cells.push_back(std::move(out));
  }
  cells.push_back(PausedText(channel.paused()));
  table->AddRow(std::move(cells));
}

std::pair<std::string, std::string> StatsTable::Rates(const std::string& key,
                                                      const Totals& totals) {
  seen_[key] = totals;
  const auto found = before_.find(key);
  if (found == before_.end()) return {kNone, kNone};
  const Totals& before = found->second;
  const absl::Duration time = totals.at - before.at;
  return {Rate(before.in, totals.in, time, style_),
          Rate(before.out, totals.out, time, style_)};
}

}  // namespace sluice
