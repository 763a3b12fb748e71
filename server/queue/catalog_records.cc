// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/catalog_records.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

using Json = nlohmann::json;

// Runs `read` over the parsed record; whatever the JSON library throws at us
// (its only way to report) becomes one error.
template <typename Record, typename Read>
absl::StatusOr<Record> DecodeJson(absl::string_view what,
                                  absl::string_view bytes, Read read) {
  Record record;
  try {
    read(Json::parse(bytes.begin(), bytes.end()), record);
  } catch (const Json::exception& error) {
    return MakeError(
        absl::StatusCode::kDataLoss, "CORRUPTION",
        absl::StrCat("a ", what, " record is damaged: ", error.what()));
  }
  return record;
}

absl::Time TimeFrom(const Json& json) {
  return absl::FromUnixNanos(json.at("create_time_unix_nano").get<int64_t>());
}

// A record of a topic that keeps nothing, or from before topics could.
absl::Duration RetentionFrom(const Json& json) {
  absl::Duration retention;
  if (json.contains("retention") &&
      !absl::ParseDuration(json.at("retention").get<std::string>(),
                           &retention)) {
    throw Json::other_error::create(501, "retention is no duration", &json);
  }
  return retention;
}

Json RangesToJson(const SequenceRanges& ranges) {
  Json list = Json::array();
  for (const auto& [from, to] : ranges.ranges()) list.push_back({from, to});
  return list;
}

}  // namespace

std::string TopicRecord::Encode() const {
  Json json = {{"name", name},
               {"durability", static_cast<int>(config.durability)},
               {"create_time_unix_nano", absl::ToUnixNanos(create_time)},
               {"paused", paused},
               {"paused_at", paused_at},
               {"unclaimed_from", unclaimed_from},
               {"next_channel_id", next_channel_id},
               {"gaps", RangesToJson(gaps)}};
  if (config.mem_queue_size.has_value()) {
    json["mem_queue_size"] = *config.mem_queue_size;
  }
  if (config.retention != absl::ZeroDuration()) {
    json["retention"] = absl::FormatDuration(config.retention);
  }
  return json.dump();
}

absl::StatusOr<TopicRecord> TopicRecord::Decode(absl::string_view bytes) {
  return DecodeJson<TopicRecord>(
      "topic", bytes, [](const Json& json, TopicRecord& record) {
        json.at("name").get_to(record.name);
        record.config.durability =
            static_cast<Durability>(json.at("durability").get<int>());
        if (json.contains("mem_queue_size")) {
          record.config.mem_queue_size =
              json.at("mem_queue_size").get<uint32_t>();
        }
        record.config.retention = RetentionFrom(json);
        record.create_time = TimeFrom(json);
        json.at("paused").get_to(record.paused);
        json.at("paused_at").get_to(record.paused_at);
        json.at("unclaimed_from").get_to(record.unclaimed_from);
        json.at("next_channel_id").get_to(record.next_channel_id);
        for (const Json& gap : json.at("gaps")) {
          record.gaps.Add(gap.at(0).get<Sequence>(), gap.at(1).get<Sequence>());
        }
      });
}

std::string ChannelRecord::Encode() const {
  return Json{{"name", name},
              {"create_time_unix_nano", absl::ToUnixNanos(create_time)},
              {"paused", paused},
              {"max_attempts", config.max_attempts},
              {"dead_letter_topic", config.dead_letter_topic}}
      .dump();
}

absl::StatusOr<ChannelRecord> ChannelRecord::Decode(absl::string_view bytes) {
  return DecodeJson<ChannelRecord>(
      "channel", bytes, [](const Json& json, ChannelRecord& record) {
        json.at("name").get_to(record.name);
        record.create_time = TimeFrom(json);
        json.at("paused").get_to(record.paused);
        // Missing in records from before channels had a config.
        record.config.max_attempts = json.value("max_attempts", uint32_t{0});
        record.config.dead_letter_topic =
            json.value("dead_letter_topic", std::string());
      });
}

std::string LogMark::Encode() const {
  return Json{{"first", first},
              {"first_offset", first_offset},
              {"reserved_until", reserved_until},
              {"end_offset", end_offset},
              {"held_memory", held_memory},
              {"clean", clean}}
      .dump();
}

absl::StatusOr<LogMark> LogMark::Decode(absl::string_view bytes) {
  return DecodeJson<LogMark>(
      "log mark", bytes, [](const Json& json, LogMark& mark) {
        json.at("first").get_to(mark.first);
        json.at("first_offset").get_to(mark.first_offset);
        json.at("reserved_until").get_to(mark.reserved_until);
        json.at("end_offset").get_to(mark.end_offset);
        json.at("held_memory").get_to(mark.held_memory);
        json.at("clean").get_to(mark.clean);
      });
}

}  // namespace sluice
