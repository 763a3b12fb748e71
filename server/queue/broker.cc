// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/broker.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/error.h"
#include "base/io_pool.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "server/queue/channel.h"
#include "server/queue/committer.h"
#include "server/queue/deadlines.h"
#include "server/queue/errors.h"
#include "server/queue/memory_budget.h"
#include "server/queue/recovery.h"
#include "server/queue/registry.h"
#include "server/queue/topic.h"
#include "server/storage/keys.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

// Recent blocks that are on disk too: enough for consumers that keep up, small
// beside what a node may use.
constexpr uint64_t kTailCacheBytes = 64 << 20;
// Publishes that wait for the committer: some commits' worth.
constexpr uint64_t kGateBytes = 64 << 20;
// Shares of a small --memory-limit.
constexpr uint64_t kCacheShare = 4;
constexpr uint64_t kGateShare = 4;

DedupLimits DedupLimitsOf(const Limits& limits) {
  return {limits.dedup_window, limits.dedup_max_ids};
}

absl::Status ValidateNames(absl::string_view topic, absl::string_view channel) {
  SLUICE_RETURN_IF_ERROR(ValidateName("topic", topic));
  return ValidateName("channel", channel);
}

}  // namespace

// Everything a broker owns, in order of construction.
struct Broker::Parts : DeadLetterSink {
  Parts(BrokerOptions opts, MessageStore& message_store, Clock& node_clock,
        TopicId next_topic_id)
      : options(std::move(opts)),
        store(message_store),
        clock(node_clock),
        budget(options.memory_limit_bytes,
               std::min(kTailCacheBytes,
                        options.memory_limit_bytes / kCacheShare)),
        gate(std::min(kGateBytes, options.memory_limit_bytes / kGateShare)),
        io_pool(options.io_threads),
        deadlines(clock),
        registry(next_topic_id),
        committer({store, clock, budget, gate, io_pool, options.sync_interval,
                   DedupLimitsOf(options.limits)}) {}

  ChannelEnv channel_env() {
    return {clock, options.limits,        store, io_pool, deadlines,
            *this, &options.names_changed};
  }
  std::shared_ptr<Topic> BuildTopic(const TopicRecord& record, TopicId id,
                                    const TopicLog::Start& start);
  void Send(std::shared_ptr<Topic> topic, std::shared_ptr<Channel> channel,
            const std::string& target,
            std::unique_ptr<RecordBlock> block) override;
  absl::StatusOr<std::shared_ptr<Topic>> FindOrCreate(absl::string_view name,
                                                      const Channels& channels);
  std::pair<std::shared_ptr<Topic>, bool> FindOrCreate(
      absl::string_view name, const TopicConfig& config,
      CommitSink::Done created, const Channels& channels = {});
  void DeleteTopic(Topic& topic, CommitSink::Done done);
  void DeleteAbandoned(Topic& topic);
  // Writes that the topic is gone, then has its log forgotten.
  void Forget(TopicId id, std::vector<StateWrite> records,
              CommitSink::Done done);
  absl::StatusOr<std::shared_ptr<Topic>> Find(absl::string_view topic);
  absl::StatusOr<std::shared_ptr<Channel>> Find(absl::string_view topic,
                                                absl::string_view channel);
  absl::Status Admit();

  const BrokerOptions options;
  MessageStore& store;
  Clock& clock;
  MemoryBudget budget;
  PublishGate gate;
  IoPool io_pool;
  Deadlines deadlines;
  Registry registry;
  Committer committer;
  std::atomic<uint64_t> next_subscription{1};
};

std::shared_ptr<Topic> Broker::Parts::BuildTopic(const TopicRecord& record,
                                                 TopicId id,
                                                 const TopicLog::Start& start) {
  auto log = std::make_shared<TopicLog>(id, IsEphemeralName(record.name), start,
                                        budget);
  return std::make_shared<Topic>(
      record, ResolveWriteRules(record.config, options.write_rules),
      std::move(log), channel_env(), committer,
      [this](Topic& topic) { DeleteAbandoned(topic); });
}

std::pair<std::shared_ptr<Topic>, bool> Broker::Parts::FindOrCreate(
    absl::string_view name, const TopicConfig& config, CommitSink::Done created,
    const Channels& channels) {
  auto found = registry.FindOrMake(name, [&](TopicId id) {
    TopicRecord record;
    record.name = std::string(name);
    record.config = config;
    record.create_time = clock.WallNow();
    std::shared_ptr<Topic> topic = BuildTopic(record, id, TopicLog::Start{});
    std::vector<StateWrite> records = topic->CreationRecords();
    // Whoever finds the topic comes later, and so do its messages.
    if (!records.empty()) committer.Write(std::move(records), created);
    for (const std::string& channel : channels) {
      if (!ValidateName("channel", channel).ok()) continue;
      if (IsEphemeralName(channel)) continue;
      (void)topic->FindOrCreateChannel(channel, StartPosition::kEarliest,
                                       nullptr);
    }
    return topic;
  });
  if (found.second && options.names_changed != nullptr) options.names_changed();
  return found;
}

absl::StatusOr<std::shared_ptr<Topic>> Broker::Parts::FindOrCreate(
    absl::string_view name, const Channels& channels) {
  auto found = registry.Find(name);
  if (found.ok() || !options.auto_create) return found;
  SLUICE_RETURN_IF_ERROR(store.health());
  return FindOrCreate(name, TopicConfig{}, nullptr, channels).first;
}

void Broker::Parts::Send(std::shared_ptr<Topic> topic,
                         std::shared_ptr<Channel> channel,
                         const std::string& target,
                         std::unique_ptr<RecordBlock> block) {
  // Made when missing, whatever the node's flags say of publishers.
  std::shared_ptr<Topic> to =
      FindOrCreate(target, TopicConfig{}, nullptr).first;
  committer.PublishLetters(
      std::move(to), std::move(block), std::move(topic), channel,
      [channel](const absl::StatusOr<PublishOutcome>& outcome) {
        channel->OnLettersStored(outcome.status());
      });
}

void Broker::Parts::DeleteTopic(Topic& topic, CommitSink::Done done) {
  Topic::Deletion deletion;
  bool is_written = false;
  const bool removed = registry.Remove(topic, [&] {
    deletion = topic.Delete();
    is_written = !deletion.records.empty();
    // Under the lock: written before whatever a new topic of this name writes.
    if (is_written) Forget(topic.id(), std::move(deletion.records), done);
    return true;
  });
  for (const auto& channel : deletion.channels) {
    channel->Close(TopicNotFound(topic.name()));
  }
  if (is_written || done == nullptr) return;
  done(removed ? absl::OkStatus() : TopicNotFound(topic.name()));
}

void Broker::Parts::DeleteAbandoned(Topic& topic) {
  const bool removed =
      registry.Remove(topic, [&] { return topic.DeleteIfUnused(); });
  if (removed && options.names_changed != nullptr) options.names_changed();
}

void Broker::Parts::Forget(TopicId id, std::vector<StateWrite> records,
                           CommitSink::Done done) {
  auto then = [this, id, done = std::move(done)](absl::Status status) {
    if (done != nullptr) done(status);
    if (!status.ok()) return;
    io_pool.Submit([this, id] {
      const absl::Status forgotten = store.Forget(id, UINT64_MAX);
      if (!forgotten.ok()) return;  // tried again at the next start
      committer.Write(
          {{StateFamily::kMeta, DeletedTopicKey(id), absl::nullopt}}, nullptr);
    });
  };
  committer.Write(std::move(records), std::move(then));
}

absl::StatusOr<std::shared_ptr<Topic>> Broker::Parts::Find(
    absl::string_view topic) {
  SLUICE_RETURN_IF_ERROR(ValidateName("topic", topic));
  return registry.Find(topic);
}

absl::StatusOr<std::shared_ptr<Channel>> Broker::Parts::Find(
    absl::string_view topic, absl::string_view channel) {
  SLUICE_RETURN_IF_ERROR(ValidateNames(topic, channel));
  SLUICE_ASSIGN_OR_RETURN(const std::shared_ptr<Topic> found,
                          registry.Find(topic));
  return found->FindChannel(channel);
}

absl::Status Broker::Parts::Admit() {
  SLUICE_RETURN_IF_ERROR(store.health());
  return options.admit_publish == nullptr ? absl::OkStatus()
                                          : options.admit_publish();
}

absl::StatusOr<std::unique_ptr<Broker>> Broker::Open(BrokerOptions options,
                                                     MessageStore& store,
                                                     Clock& clock) {
  SLUICE_ASSIGN_OR_RETURN(Recovered recovered,
                          Recover(store, DedupLimitsOf(options.limits)));
  auto parts = std::make_unique<Parts>(std::move(options), store, clock,
                                       recovered.next_topic_id);
  for (RecoveredTopic& topic : recovered.topics) {
    std::shared_ptr<Topic> built =
        parts->BuildTopic(topic.record, topic.id, topic.log);
    for (Channel::Spec& channel : topic.channels) {
      built->Restore(std::move(channel));
    }
    built->dedup = std::move(topic.dedup);
    // The gaps that a crash left are known from now on.
    parts->committer.Write(
        {{StateFamily::kMeta, TopicKey(topic.id), built->EncodeRecord()}},
        nullptr);
    // Has the log looked over, and request ids expire, even if nobody comes.
    parts->committer.CursorDirty(built, nullptr, /*urgent=*/false);
    parts->registry.Add(std::move(built));
  }
  return std::unique_ptr<Broker>(new Broker(std::move(parts)));
}

Broker::Broker(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Broker::~Broker() {
  parts_->deadlines.Stop();
  parts_->io_pool.Stop();
}

bool Broker::WouldMake(absl::string_view topic) {
  return parts_->options.auto_create && IsUnknown(topic);
}

bool Broker::IsUnknown(absl::string_view topic) {
  return !parts_->registry.Find(topic).ok() &&
         ValidateName("topic", topic).ok();
}

absl::StatusOr<std::shared_ptr<Topic>> Broker::TopicForPublish(
    absl::string_view name, const Channels& channels) {
  SLUICE_RETURN_IF_ERROR(ValidateName("topic", name));
  SLUICE_RETURN_IF_ERROR(parts_->Admit());
  return parts_->FindOrCreate(name, channels);
}

void Broker::Publish(const std::shared_ptr<Topic>& topic,
                     std::unique_ptr<RecordBlock> block, Durability wish,
                     PublishDone done, std::string request_id) {
  const absl::Status admitted = parts_->Admit();
  if (!admitted.ok()) return done(admitted);
  parts_->committer.Publish(topic, std::move(block), wish, std::move(done),
                            std::move(request_id));
}

PublishGate& Broker::publish_gate() { return parts_->gate; }

void Broker::AddPublisher(const std::shared_ptr<Topic>& topic) {
  topic->AddPublisher();
}

void Broker::RemovePublisher(const std::shared_ptr<Topic>& topic) {
  topic->RemovePublisher();
}

absl::StatusOr<std::unique_ptr<Subscription>> Broker::Subscribe(
    absl::string_view topic, absl::string_view channel, StartPosition start,
    SubscriberSpec spec, std::shared_ptr<Subscriber> subscriber,
    const Channels& channels) {
  SLUICE_RETURN_IF_ERROR(ValidateNames(topic, channel));
  auto attachment = std::make_shared<Attachment>();
  attachment->id = absl::StrFormat("%016x", parts_->next_subscription++);
  attachment->spec = std::move(spec);
  attachment->subscriber = std::move(subscriber);
  attachment->connect_time = parts_->clock.WallNow();
  // A channel may be deleted between finding and attaching; then it is made
  // anew, as if we had come a moment later. Twice in a row is somebody's doing.
  for (int attempt = 0;; ++attempt) {
    SLUICE_ASSIGN_OR_RETURN(const std::shared_ptr<Topic> found,
                            parts_->FindOrCreate(topic, channels));
    auto target = parts_->options.auto_create
                      ? found->FindOrCreateChannel(channel, start, nullptr)
                      : found->FindChannel(channel);
    absl::Status status = target.status();
    if (status.ok()) status = (*target)->Attach(attachment);
    if (status.ok()) {
      return std::make_unique<Subscription>(*std::move(target),
                                            std::move(attachment));
    }
    const bool was_deleted = absl::IsNotFound(status);
    if (!was_deleted || !parts_->options.auto_create || attempt == 2) {
      return status;
    }
  }
}

void Broker::CreateTopic(absl::string_view name, const TopicConfig& config,
                         TopicDone done, const Channels& channels) {
  absl::Status status = ValidateName("topic", name);
  if (status.ok()) {
    status = ValidateTopicConfig(config, IsEphemeralName(name),
                                 parts_->options.write_rules);
  }
  if (status.ok()) status = parts_->store.health();
  if (!status.ok()) return done(status);
  // The answer needs the topic, and the commit may be faster than we are.
  auto answer = [this, name = std::string(name), done](absl::Status written) {
    if (!written.ok()) return done(written);
    done(GetTopic(name));
  };
  const auto [topic, made] =
      parts_->FindOrCreate(name, config, answer, channels);
  if (made) {
    if (topic->ephemeral()) answer(absl::OkStatus());
    return;
  }
  if (!(topic->config() == config)) return done(TopicExists(name));
  topic->WriteAgain(answer);
}

void Broker::UpdateTopic(absl::string_view name,
                         const TopicConfigChange& change, TopicDone done) {
  const auto topic = parts_->Find(name);
  if (!topic.ok()) return done(topic.status());
  (*topic)->Update(change, parts_->options.write_rules,
                   [topic = *topic, done](absl::Status status) {
                     if (!status.ok()) return done(status);
                     done(topic->Info());
                   });
}

void Broker::DeleteTopic(absl::string_view name, Done done) {
  const auto topic = parts_->Find(name);
  if (!topic.ok()) return done(topic.status());
  parts_->DeleteTopic(**topic, std::move(done));
}

void Broker::SetTopicPaused(absl::string_view name, bool paused,
                            TopicDone done) {
  const auto topic = parts_->Find(name);
  if (!topic.ok()) return done(topic.status());
  (*topic)->SetPaused(paused, [topic = *topic, done](absl::Status status) {
    if (!status.ok()) return done(status);
    done(topic->Info());
  });
}

void Broker::EmptyTopic(absl::string_view name, Done done) {
  const auto topic = parts_->Find(name);
  if (!topic.ok()) return done(topic.status());
  (*topic)->Empty(std::move(done));
}

absl::StatusOr<TopicInfo> Broker::GetTopic(absl::string_view name) {
  SLUICE_ASSIGN_OR_RETURN(const std::shared_ptr<Topic> topic,
                          parts_->Find(name));
  return topic->Info();
}

std::vector<TopicInfo> Broker::ListTopics() {
  std::vector<TopicInfo> infos;
  for (const auto& topic : parts_->registry.All()) {
    infos.push_back(topic->Info());
  }
  return infos;
}

namespace {

ChannelInfo InfoOf(const Channel& channel) {
  return {channel.topic(), channel.name(), channel.config(), channel.paused(),
          channel.create_time()};
}

}  // namespace

void Broker::CreateChannel(absl::string_view topic, absl::string_view channel,
                           const ChannelConfig& config, StartPosition start,
                           ChannelDone done) {
  absl::Status status = ValidateNames(topic, channel);
  if (status.ok()) status = ValidateChannelConfig(topic, config);
  if (!status.ok()) return done(status);
  const auto found = parts_->Find(topic);
  if (!found.ok()) return done(found.status());
  auto answer = [this, topic = std::string(topic),
                 channel = std::string(channel), done](absl::Status written) {
    if (!written.ok()) return done(written);
    done(GetChannel(topic, channel));
  };
  const auto made = (*found)->CreateChannel(channel, config, start, answer);
  if (!made.ok()) done(made.status());
}

void Broker::UpdateChannel(absl::string_view topic, absl::string_view channel,
                           const ChannelConfigChange& change,
                           ChannelDone done) {
  const absl::Status names = ValidateNames(topic, channel);
  if (!names.ok()) return done(names);
  const auto owner = parts_->Find(topic);
  if (!owner.ok()) return done(owner.status());
  const auto found = (*owner)->FindChannel(channel);
  if (!found.ok()) return done(found.status());
  (*owner)->UpdateChannel(channel, change,
                          [channel = *found, done](absl::Status status) {
                            if (!status.ok()) return done(status);
                            done(InfoOf(*channel));
                          });
}

void Broker::DeleteChannel(absl::string_view topic, absl::string_view channel,
                           Done done) {
  const absl::Status names = ValidateNames(topic, channel);
  if (!names.ok()) return done(names);
  const auto found = parts_->Find(topic);
  if (!found.ok()) return done(found.status());
  (*found)->DeleteChannel(channel, std::move(done));
}

void Broker::SetChannelPaused(absl::string_view topic,
                              absl::string_view channel, bool paused,
                              ChannelDone done) {
  const auto found = parts_->Find(topic, channel);
  if (!found.ok()) return done(found.status());
  const auto owner = parts_->Find(topic);
  if (!owner.ok()) return done(owner.status());
  (*owner)->SetChannelPaused(channel, paused,
                             [channel = *found, done](absl::Status status) {
                               if (!status.ok()) return done(status);
                               done(InfoOf(*channel));
                             });
}

void Broker::EmptyChannel(absl::string_view topic, absl::string_view channel,
                          Done done) {
  const absl::Status names = ValidateNames(topic, channel);
  if (!names.ok()) return done(names);
  const auto found = parts_->Find(topic);
  if (!found.ok()) return done(found.status());
  (*found)->EmptyChannel(channel, std::move(done));
}

absl::StatusOr<ChannelInfo> Broker::GetChannel(absl::string_view topic,
                                               absl::string_view channel) {
  SLUICE_ASSIGN_OR_RETURN(const std::shared_ptr<Channel> found,
                          parts_->Find(topic, channel));
  return InfoOf(*found);
}

absl::StatusOr<std::vector<ChannelInfo>> Broker::ListChannels(
    absl::string_view topic) {
  SLUICE_ASSIGN_OR_RETURN(const std::shared_ptr<Topic> found,
                          parts_->Find(topic));
  std::vector<ChannelInfo> infos;
  for (const auto& channel : found->Channels()) {
    infos.push_back(InfoOf(*channel));
  }
  return infos;
}

absl::StatusOr<std::vector<TopicStats>> Broker::GetStats(
    absl::string_view topic, absl::string_view channel,
    bool include_subscribers) {
  if (!channel.empty()) {
    SLUICE_RETURN_IF_ERROR(ValidateName("channel", channel));
  }
  std::vector<TopicStats> stats;
  if (topic.empty()) {
    for (const auto& each : parts_->registry.All()) {
      stats.push_back(each->Stats(channel, include_subscribers));
    }
    return stats;
  }
  SLUICE_ASSIGN_OR_RETURN(const std::shared_ptr<Topic> found,
                          parts_->Find(topic));
  if (!channel.empty()) {
    SLUICE_RETURN_IF_ERROR(found->FindChannel(channel).status());
  }
  stats.push_back(found->Stats(channel, include_subscribers));
  return stats;
}

void Broker::Peek(PeekSpec spec, PeekDone done) {
  const auto topic = parts_->Find(spec.topic);
  if (!topic.ok()) return done(topic.status());
  std::shared_ptr<Channel> channel;
  if (!spec.channel.empty()) {
    auto found = parts_->Find(spec.topic, spec.channel);
    if (!found.ok()) return done(found.status());
    channel = *std::move(found);
  }
  parts_->io_pool.Submit([&store = parts_->store, spec = std::move(spec),
                          topic = *topic, channel = std::move(channel), done] {
    done(PeekMessages(spec, topic->log(), channel.get(), store));
  });
}

absl::Status Broker::health() { return parts_->store.health(); }

uint64_t Broker::in_flight() {
  uint64_t total = 0;
  for (const auto& topic : parts_->registry.All()) {
    for (const auto& channel : topic->Channels()) {
      total += channel->in_flight();
    }
  }
  return total;
}

void Broker::PollDeadlinesForTest() { parts_->deadlines.Poll(); }

absl::Status Broker::Stop() {
  parts_->deadlines.Stop();
  return parts_->committer.Stop(parts_->registry.All());
}

}  // namespace sluice
