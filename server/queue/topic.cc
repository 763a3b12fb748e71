// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/topic.h"

#include <algorithm>
#include <utility>

#include "base/names.h"
#include "base/status_macros.h"
#include "server/queue/errors.h"
#include "server/storage/keys.h"

namespace sluice {
namespace {

StateWrite Put(std::string key, std::string value) {
  return {StateFamily::kMeta, std::move(key), std::move(value)};
}

StateWrite Erase(std::string key) {
  return {StateFamily::kMeta, std::move(key), absl::nullopt};
}

StateWrite EraseParked(std::string from, std::string to) {
  return {StateFamily::kParked, std::move(from), absl::nullopt, std::move(to)};
}

}  // namespace

Topic::Topic(const TopicRecord& record, const WriteRules& rules,
             std::shared_ptr<TopicLog> log, const ChannelEnv& env,
             CommitSink& sink, Abandoned abandoned)
    : name_(record.name),
      create_time_(record.create_time),
      log_(std::move(log)),
      env_(env),
      sink_(sink),
      abandoned_(std::move(abandoned)),
      rules_(rules),
      config_(record.config),
      paused_(record.paused),
      paused_at_(record.paused_at),
      unclaimed_from_(std::max(record.unclaimed_from, log_->first())),
      next_channel_id_(record.next_channel_id),
      list_(std::make_shared<ChannelList>()) {
  absl::MutexLock lock(&mu_);
  if (paused_) log_->HoldAt(paused_at_);
  ApplyRetention();
}

TopicConfig Topic::config() const {
  absl::MutexLock lock(&mu_);
  return config_;
}

TopicInfo Topic::Info() const {
  absl::MutexLock lock(&mu_);
  return {name_, config_, paused_, create_time_};
}

void Topic::Restore(Channel::Spec spec) {
  absl::MutexLock lock(&mu_);
  AddChannel(std::move(spec));
}

std::vector<StateWrite> Topic::CreationRecords() const {
  if (ephemeral()) return {};
  absl::MutexLock lock(&mu_);
  return {RecordWrite(), Put(NextTopicIdKey(), std::to_string(id() + 1))};
}

std::string Topic::EncodeRecord() const {
  absl::MutexLock lock(&mu_);
  return Record().Encode();
}

absl::StatusOr<std::shared_ptr<Channel>> Topic::Find(
    absl::string_view name) const {
  if (deleted_) return TopicNotFound(name_);
  const auto it = channels_.find(name);
  if (it == channels_.end()) return ChannelNotFound(name_, name);
  return it->second;
}

absl::StatusOr<std::shared_ptr<Channel>> Topic::FindChannel(
    absl::string_view name) const {
  absl::MutexLock lock(&mu_);
  return Find(name);
}

absl::StatusOr<std::shared_ptr<Channel>> Topic::FindOrCreateChannel(
    absl::string_view name, StartPosition start, CommitSink::Done created) {
  return FindOrMake(name, nullptr, start, std::move(created));
}

absl::StatusOr<std::shared_ptr<Channel>> Topic::CreateChannel(
    absl::string_view name, const ChannelConfig& config, StartPosition start,
    CommitSink::Done created) {
  return FindOrMake(name, &config, start, std::move(created));
}

absl::StatusOr<std::shared_ptr<Channel>> Topic::FindOrMake(
    absl::string_view name, const ChannelConfig* config, StartPosition start,
    CommitSink::Done created) {
  std::shared_ptr<Channel> channel;
  bool pending = false;
  {
    absl::MutexLock lock(&mu_);
    auto found = Find(name);
    if (!found.ok() && deleted_) return found.status();
    if (found.ok()) {
      channel = *std::move(found);
      if (config != nullptr && !(channel->config() == *config)) {
        return ChannelExists(name_, name);
      }
      if (created != nullptr && !channel->ephemeral()) {
        pending = Write({ChannelWrite(*channel)}, created);
      }
    } else {
      channel = MakeChannel(name, config == nullptr ? ChannelConfig() : *config,
                            start);
      // Under the lock: a deletion that comes next must be written next.
      pending = Write(ChannelRecords(*channel), created);
    }
  }
  if (!pending && created != nullptr) created(absl::OkStatus());
  OnFloorAdvanced();  // LATEST on a first channel drops what waited
  return channel;
}

std::shared_ptr<Channel> Topic::MakeChannel(absl::string_view name,
                                            const ChannelConfig& config,
                                            StartPosition start) {
  Channel::Spec spec;
  spec.topic = name_;
  spec.name = std::string(name);
  spec.id = next_channel_id_++;
  spec.config = config;
  spec.create_time = env_.clock.WallNow();
  const bool claims = ephemeral() || !IsEphemeralName(name);
  spec.cursor.cursor = StartOf(claims, start);
  return AddChannel(std::move(spec));
}

std::vector<StateWrite> Topic::ChannelRecords(Channel& channel) const {
  if (channel.ephemeral()) return {};
  std::vector<StateWrite> records = {RecordWrite(), ChannelWrite(channel)};
  AddCursorWrites(channel, &records);
  return records;
}

bool Topic::Has(const Channel& channel) const {
  absl::MutexLock lock(&mu_);
  const auto it = channels_.find(channel.name());
  return it != channels_.end() && it->second.get() == &channel;
}

std::vector<std::shared_ptr<Channel>> Topic::Channels() const {
  return *List();
}

Sequence Topic::OldestKept() const {
  // Memory lets go of what nobody needs before the log's start moves on.
  return std::max(log_->first(), log_->tail().gone_below());
}

Sequence Topic::StartOf(bool claims, StartPosition start) const {
  switch (start) {
    case StartPosition::kLatest:
      return log_->end();
    case StartPosition::kEarliest:
      return OldestKept();
    case StartPosition::kUnspecified:
      break;
  }
  if (!claims || claiming_channels_ > 0) return log_->visible_end();
  return retains() ? std::min(unclaimed_from_, OldestKept()) : unclaimed_from_;
}

std::shared_ptr<Channel> Topic::AddChannel(Channel::Spec spec) {
  auto channel =
      std::make_shared<Channel>(std::move(spec), log_, env_, weak_from_this());
  channel->Start();
  channels_.emplace(channel->name(), channel);
  if (Claims(*channel)) ++claiming_channels_;
  RebuildList();
  return channel;
}

void Topic::RemoveChannel(const Channel& channel,
                          std::vector<StateWrite>* records) {
  const bool claims = Claims(channel);
  if (!channel.ephemeral()) {
    records->push_back(Erase(ChannelKey(id(), channel.id())));
    records->push_back(Erase(CursorKey(id(), channel.id())));
    records->push_back(EraseParked(ParkedKeyPrefix(id(), channel.id()),
                                   ParkedKeyEnd(id(), channel.id())));
  }
  channels_.erase(channel.name());
  RebuildList();
  if (claims && --claiming_channels_ == 0) {
    unclaimed_from_ = log_->visible_end();
    records->push_back(RecordWrite());
  }
}

void Topic::RebuildList() {
  auto list = std::make_shared<ChannelList>();
  for (const auto& [name, channel] : channels_) list->push_back(channel);
  list_ = std::move(list);
  if (env_.names_changed != nullptr && *env_.names_changed != nullptr) {
    (*env_.names_changed)();
  }
}

std::shared_ptr<const Topic::ChannelList> Topic::List() const {
  absl::MutexLock lock(&mu_);
  return list_;
}

TopicRecord Topic::Record() const {
  TopicRecord record;
  record.name = name_;
  record.config = config_;
  record.create_time = create_time_;
  record.paused = paused_;
  record.paused_at = paused_at_;
  record.unclaimed_from = unclaimed_from_;
  record.next_channel_id = next_channel_id_;
  record.gaps = log_->gaps();
  // Not first(), which a crash may set back to here: what is in a gap between
  // would be there again.
  record.gaps.DropBelow(log_->forgotten_before);
  return record;
}

StateWrite Topic::RecordWrite() const {
  return Put(TopicKey(id()), Record().Encode());
}

void Topic::AddCursorWrites(Channel& channel,
                            std::vector<StateWrite>* records) const {
  Sequence floor = 0;
  const CursorState state = channel.SaveCursor(&floor, records);
  records->push_back(Put(CursorKey(id(), channel.id()), state.Encode()));
}

StateWrite Topic::ChannelWrite(const Channel& channel) const {
  const ChannelRecord record{channel.name(), channel.config(),
                             channel.create_time(), channel.paused()};
  return Put(ChannelKey(id(), channel.id()), record.Encode());
}

bool Topic::Write(std::vector<StateWrite> records, CommitSink::Done done) {
  if (ephemeral() || records.empty()) return false;
  sink_.Write(std::move(records), std::move(done));
  return true;
}

void Topic::WriteChannel(absl::string_view name, const Records& records,
                         const CommitSink::Done& done) {
  absl::Status status;
  bool pending = false;
  {
    absl::MutexLock lock(&mu_);
    const auto found = Find(name);
    status = found.status();
    if (found.ok()) {
      auto changes = records(*found);
      status = changes.status();
      if (status.ok()) pending = Write(*std::move(changes), done);
    }
  }
  // Never under the lock: who asked may come straight back.
  if (!pending && done != nullptr) done(status);
}

void Topic::DeleteChannel(absl::string_view name, CommitSink::Done done) {
  std::shared_ptr<Channel> removed;
  bool abandoned = false;
  WriteChannel(
      name,
      [&](const std::shared_ptr<Channel>& channel) {
        mu_.AssertHeld();
        removed = channel;
        std::vector<StateWrite> records;
        RemoveChannel(*channel, &records);
        abandoned = ephemeral() && channels_.empty();
        return records;
      },
      done);
  if (removed == nullptr) return;
  removed->Close(ChannelNotFound(name_, name));
  OnFloorAdvanced();
  OnCursorDirty(nullptr, /*urgent=*/false);
  if (abandoned) abandoned_(*this);
}

void Topic::OnLastSubscriberGone(Channel& channel) {
  if (!channel.ephemeral()) return;
  bool abandoned = false;
  std::shared_ptr<Channel> removed;
  {
    absl::MutexLock lock(&mu_);
    const auto it = channels_.find(channel.name());
    if (it == channels_.end() || it->second.get() != &channel) return;
    // Closing first settles the race with a subscriber that is just attaching:
    // it finds the channel either gone or still in use.
    if (!channel.CloseIfUnused(ChannelNotFound(name_, channel.name()))) return;
    removed = it->second;
    std::vector<StateWrite> records;
    RemoveChannel(channel, &records);
    abandoned = ephemeral() && channels_.empty();
    Write(std::move(records), nullptr);
  }
  OnFloorAdvanced();
  OnCursorDirty(nullptr, /*urgent=*/false);
  if (abandoned) abandoned_(*this);
}

void Topic::SetChannelPaused(absl::string_view name, bool paused,
                             CommitSink::Done done) {
  const auto found = FindChannel(name);
  if (!found.ok()) return done(found.status());
  (*found)->SetPaused(paused);
  WriteChannel(
      name,
      [this](const std::shared_ptr<Channel>& channel) {
        std::vector<StateWrite> records;
        if (!channel->ephemeral()) records.push_back(ChannelWrite(*channel));
        return records;
      },
      done);
}

void Topic::UpdateChannel(absl::string_view name,
                          const ChannelConfigChange& change,
                          CommitSink::Done done) {
  WriteChannel(
      name,
      [&](const std::shared_ptr<Channel>& channel)
          -> absl::StatusOr<std::vector<StateWrite>> {
        ChannelConfig config = change.ApplyTo(channel->config());
        SLUICE_RETURN_IF_ERROR(ValidateChannelConfig(name_, config));
        channel->SetConfig(std::move(config));
        std::vector<StateWrite> records;
        if (!channel->ephemeral()) records.push_back(ChannelWrite(*channel));
        return records;
      },
      done);
}

void Topic::Update(const TopicConfigChange& change, const WriteRules& defaults,
                   CommitSink::Done done) {
  absl::Status status;
  bool pending = false;
  {
    absl::MutexLock lock(&mu_);
    const TopicConfig config = change.ApplyTo(config_);
    status = deleted_ ? TopicNotFound(name_)
                      : ValidateTopicConfig(config, ephemeral(), defaults);
    if (status.ok()) {
      config_ = config;
      rules_ = ResolveWriteRules(config, defaults);
      ApplyRetention();
      pending = Write({RecordWrite()}, done);
    }
  }
  if (!pending) return done(status);
  OnFloorAdvanced();
  // A shorter retention may let the log forget.
  OnCursorDirty(nullptr, /*urgent=*/false);
}

void Topic::EmptyChannel(absl::string_view name, CommitSink::Done done) {
  const auto found = FindChannel(name);
  if (!found.ok()) return done(found.status());
  (*found)->Empty();
  if (ephemeral() || (*found)->ephemeral()) return done(absl::OkStatus());
  // The committer alone saves cursors that have moved, so that no older one is
  // written over a newer.
  sink_.SaveCursor(shared_from_this(), *found, std::move(done));
}

void Topic::SetPaused(bool paused, CommitSink::Done done) {
  absl::Status status;
  bool pending = false;
  {
    absl::MutexLock lock(&mu_);
    if (deleted_) {
      status = TopicNotFound(name_);
    } else {
      if (paused && !paused_) {
        paused_at_ = log_->end();
        log_->HoldAt(paused_at_);
      } else if (!paused) {
        log_->Unhold();
      }
      paused_ = paused;
      pending = Write({RecordWrite()}, done);
    }
  }
  if (!pending) done(status);
  OnAppended();
}

void Topic::WriteAgain(CommitSink::Done done) {
  absl::Status status;
  bool pending = false;
  {
    absl::MutexLock lock(&mu_);
    if (deleted_) {
      status = TopicNotFound(name_);
    } else {
      pending = Write({RecordWrite()}, done);
    }
  }
  if (!pending) done(status);
}

void Topic::Empty(CommitSink::Done done) {
  absl::Status status;
  bool pending = false;
  {
    absl::MutexLock lock(&mu_);
    if (deleted_) {
      status = TopicNotFound(name_);
    } else {
      const Sequence end = log_->end();
      if (claiming_channels_ == 0) {
        unclaimed_from_ = end;
        DropUnclaimed(end);
      }
      if (paused_) {
        log_->AddGap(paused_at_, end);
        paused_at_ = end;
        log_->HoldAt(end);
      }
      pending = Write({RecordWrite()}, done);
    }
  }
  if (!pending) done(status);
  OnFloorAdvanced();
  // To have the log looked over for what it can forget.
  OnCursorDirty(nullptr, /*urgent=*/false);
}

void Topic::DropUnclaimed(Sequence end) {
  for (const auto& [name, channel] : channels_) {
    end = std::min(end, channel->NeededFrom());
  }
  if (log_->first() < end) log_->AddGap(log_->first(), end);
}

Topic::Deletion Topic::Delete() {
  Deletion deletion;
  absl::MutexLock lock(&mu_);
  if (deleted_) return deletion;
  deleted_ = true;
  deletion.channels = *list_;
  channels_.clear();
  RebuildList();
  if (ephemeral()) return deletion;
  for (const auto& channel : deletion.channels) {
    deletion.records.push_back(Erase(ChannelKey(id(), channel->id())));
    deletion.records.push_back(Erase(CursorKey(id(), channel->id())));
  }
  deletion.records.push_back(
      EraseParked(ParkedKeyPrefix(id()), ParkedKeyEnd(id())));
  deletion.records.push_back(Erase(TopicKey(id())));
  deletion.records.push_back(Erase(LogMarkKey(id())));
  deletion.records.push_back({StateFamily::kMeta, DedupKeyPrefix(id()),
                              absl::nullopt, DedupKeyEnd(id())});
  deletion.records.push_back(Put(DeletedTopicKey(id()), name_));
  return deletion;
}

bool Topic::DeleteIfUnused() {
  absl::MutexLock lock(&mu_);
  if (deleted_ || !channels_.empty()) return false;
  deleted_ = true;
  return true;
}

void Topic::OnAppended() {
  const std::shared_ptr<const ChannelList> channels = List();
  for (const auto& channel : *channels) channel->OnMessagesVisible();
}

Sequence Topic::NeededFrom() const {
  Sequence needed = log_->visible_end();
  std::shared_ptr<const ChannelList> channels;
  {
    absl::MutexLock lock(&mu_);
    channels = list_;
    if (claiming_channels_ == 0) needed = std::min(needed, unclaimed_from_);
  }
  for (const auto& channel : *channels) {
    needed = std::min(needed, channel->NeededFrom());
  }
  return needed;
}

void Topic::ApplyRetention() {
  retention_nanos_ = absl::ToInt64Nanoseconds(config_.retention);
  if (!retains()) {
    retained_from_ = UINT64_MAX;
  } else if (retained_from_ == UINT64_MAX) {
    retained_from_ = log_->first();
  }
}

bool Topic::ReleaseRetained(Sequence sequence) {
  absl::MutexLock lock(&mu_);
  if (!retains() || sequence <= retained_from_) return false;
  retained_from_ = sequence;
  return true;
}

Sequence Topic::KeptFrom() const {
  const Sequence needed = NeededFrom();
  if (!retains()) return needed;
  absl::MutexLock lock(&mu_);
  return std::min(needed, retained_from_);
}

Sequence Topic::ForgettableBelow() const {
  Sequence below = KeptFrom();
  if (ephemeral()) return below;
  // Held by name: a list that is looped over in place ends with the first step.
  const std::shared_ptr<const ChannelList> channels = List();
  for (const auto& channel : *channels) {
    if (!channel->ephemeral()) below = std::min(below, channel->saved_floor());
  }
  return below;
}

TopicStats Topic::Stats(absl::string_view channel,
                        bool include_subscribers) const {
  TopicStats stats;
  const Sequence needed_from = NeededFrom();
  std::shared_ptr<const ChannelList> channels;
  {
    absl::MutexLock lock(&mu_);
    channels = list_;
    stats.paused = paused_;
    stats.depth = log_->CountMessages(
        claiming_channels_ == 0 ? unclaimed_from_ : log_->visible_end(),
        log_->end());
  }
  uint64_t unfinished = 0;
  for (const auto& candidate : *channels) {
    unfinished += candidate->unfinished();
    stats.log_bytes += candidate->parked_bytes();
    if (!channel.empty() && candidate->name() != channel) continue;
    stats.channels.push_back(candidate->Stats(include_subscribers));
  }
  // Exact with one channel; with several, messages that more than one needs
  // are not counted twice as long as they finish roughly in order.
  const uint64_t needed = std::min(
      stats.depth + unfinished, log_->CountMessages(needed_from, log_->end()));
  stats.memory_depth = std::min(needed, log_->tail().QueuedFrom(needed_from));
  stats.backlog_depth = needed - stats.memory_depth;
  stats.topic = name_;
  stats.message_count = message_count_;
  stats.message_bytes = message_bytes_;
  stats.publisher_count = publisher_count_;
  stats.log_bytes += log_->bytes();
  stats.durability = ephemeral() ? Durability::kMemory : rules().durability;
  return stats;
}

void Topic::OnFloorAdvanced() { log_->tail().Trim(KeptFrom()); }

void Topic::OnDeadLetters(std::shared_ptr<Channel> channel,
                          const std::string& target,
                          std::unique_ptr<RecordBlock> letters) {
  env_.dead_letters.Send(shared_from_this(), std::move(channel), target,
                         std::move(letters));
}

void Topic::OnCursorDirty(std::shared_ptr<Channel> channel, bool urgent) {
  sink_.CursorDirty(shared_from_this(), std::move(channel), urgent);
}

}  // namespace sluice
