// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/lookup_registry.h"

#include <algorithm>

#include "base/names.h"

namespace sluice {
namespace {

// How long the lasting names of a node that is gone are remembered.
constexpr absl::Duration kNameMemory = absl::Hours(24);

}  // namespace

LookupRegistry::LookupRegistry(const Options& options, Clock& clock)
    : options_(options), clock_(clock) {}

// --- Of a node -----------------------------------------------------------

LookupRegistry::StreamId LookupRegistry::Connect(NodeRecord node) {
  absl::MutexLock lock(&mu_);
  auto member = std::make_unique<Member>();
  member->id = next_id_++;
  member->node = std::make_shared<const NodeRecord>(std::move(node));
  member->last_heard = clock_.SteadyNow();
  const StreamId id = member->id;
  members_.emplace(id, std::move(member));
  return id;
}

LookupRegistry::Member& LookupRegistry::Hear(StreamId stream) {
  Member& member = *members_.at(stream);
  member.last_heard = clock_.SteadyNow();
  if (member.hidden) {
    member.hidden = false;
    NoteChanges(member);
  }
  return member;
}

void LookupRegistry::Add(StreamId stream, absl::string_view topic,
                         absl::string_view channel) {
  absl::MutexLock lock(&mu_);
  Member& member = Hear(stream);
  Topic& entry = FindOrMake(topic);
  const auto [held, is_new] = entry.holders.try_emplace(&member);
  if (is_new) member.topics.insert(&entry);
  bool changed = is_new;
  if (!channel.empty()) {
    ChannelEntry* const found =
        &*entry.channels.try_emplace(std::string(channel)).first;
    std::vector<ChannelEntry*>& channels = held->second;
    if (std::find(channels.begin(), channels.end(), found) == channels.end()) {
      channels.push_back(found);
      ++found->second.holders;
      changed = true;
    }
  }
  if (changed) NoteChange(entry);
}

void LookupRegistry::Remove(StreamId stream, absl::string_view topic,
                            absl::string_view channel) {
  absl::MutexLock lock(&mu_);
  Member& member = Hear(stream);
  const auto it = topics_.find(topic);
  if (channel.empty()) {
    tombstones_.erase(TombstoneKey(topic, member.node->node_id));
    if (it != topics_.end()) DropTopic(*it->second, member);
    return;
  }
  if (it == topics_.end()) return;
  Topic& entry = *it->second;
  const auto found = entry.channels.find(channel);
  if (found != entry.channels.end()) DropChannel(entry, member, &*found);
}

bool LookupRegistry::Ping(StreamId stream) {
  absl::MutexLock lock(&mu_);
  Member& member = Hear(stream);
  // By now it has said all it has.
  if (!member.pinged) ForgetDeparted(member.node->node_id, stream);
  member.pinged = true;
  return !std::exchange(member.lost_some, false);
}

void LookupRegistry::Disconnect(StreamId stream) {
  absl::MutexLock lock(&mu_);
  Member& member = *members_.at(stream);
  const std::vector<Topic*> topics(member.topics.begin(), member.topics.end());
  for (Topic* const topic : topics) {
    if (IsEphemeralName(topic->name)) {
      DropTopic(*topic, member);
      continue;
    }
    const std::vector<ChannelEntry*> channels = topic->holders.at(&member);
    for (ChannelEntry* const channel : channels) {
      if (IsEphemeralName(channel->first)) DropChannel(*topic, member, channel);
    }
    NoteChange(*topic);
  }
  member.departed = true;
  member.forget_at = clock_.SteadyNow() + kNameMemory;
  // A stream that broke before it had said everything knows less than the one
  // before it.
  const bool is_better = member.pinged;
  const bool has_former =
      std::any_of(members_.begin(), members_.end(), [&](const auto& other) {
        return other.second.get() != &member && other.second->departed &&
               other.second->node->node_id == member.node->node_id;
      });
  if (member.topics.empty() || (has_former && !is_better)) {
    ForgetMember(stream);
  } else if (has_former) {
    ForgetDeparted(member.node->node_id, stream);
  }
}

// --- Questions -----------------------------------------------------------

bool LookupRegistry::TopicView::operator==(const TopicView& other) const {
  // Records do not change: the same node anew is another record.
  return channels == other.channels && nodes == other.nodes;
}

LookupRegistry::TopicView LookupRegistry::Lookup(
    absl::string_view topic) const {
  TopicView view;
  absl::ReaderMutexLock lock(&mu_);
  const auto it = topics_.find(topic);
  if (it == topics_.end()) return view;
  const Topic& entry = *it->second;
  for (const auto& [name, channel] : entry.channels) {
    view.channels.push_back(name);
  }
  std::vector<const Member*> shown;
  for (const auto& [member, channels] : entry.holders) {
    if (IsShown(*member) && !IsTombstoned(entry.name, member->node->node_id)) {
      shown.push_back(member);
    }
  }
  std::sort(shown.begin(), shown.end(), [](const Member* a, const Member* b) {
    const int order = a->node->node_id.compare(b->node->node_id);
    return order != 0 ? order < 0 : b->id < a->id;  // the newest stream first
  });
  for (const Member* const member : shown) {
    if (view.nodes.empty() ||
        view.nodes.back()->node_id != member->node->node_id) {
      view.nodes.push_back(member->node);
    }
  }
  return view;
}

std::vector<std::string> LookupRegistry::Topics() const {
  std::vector<std::string> names;
  {
    absl::ReaderMutexLock lock(&mu_);
    names.reserve(topics_.size());
    for (const auto& [name, topic] : topics_) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> LookupRegistry::Channels(
    absl::string_view topic) const {
  std::vector<std::string> names;
  absl::ReaderMutexLock lock(&mu_);
  const auto it = topics_.find(topic);
  if (it == topics_.end()) return names;
  for (const auto& [name, channel] : it->second->channels) {
    names.push_back(name);
  }
  return names;
}

bool LookupRegistry::Knows(absl::string_view topic) const {
  absl::ReaderMutexLock lock(&mu_);
  return topics_.contains(topic);
}

std::vector<LookupRegistry::NodeView> LookupRegistry::Nodes() const {
  std::map<std::string, const Member*> shown;
  std::vector<NodeView> views;
  absl::ReaderMutexLock lock(&mu_);
  for (const auto& [id, member] : members_) {
    if (!IsShown(*member)) continue;
    const Member*& newest = shown[member->node->node_id];
    if (newest == nullptr || newest->id < id) newest = member.get();
  }
  absl::flat_hash_map<std::string, std::vector<std::string>> tombstones;
  for (const auto& [key, until] : tombstones_) {
    tombstones[key.second].push_back(key.first);
  }
  const SteadyTime now = clock_.SteadyNow();
  for (const auto& [node_id, member] : shown) {
    NodeView view;
    view.node = member->node;
    view.topic_count = member->topics.size();
    view.silence = now - member->last_heard;
    view.tombstones = tombstones[node_id];
    views.push_back(std::move(view));
  }
  return views;
}

LookupRegistry::Counts LookupRegistry::GetCounts() const {
  Counts counts;
  absl::ReaderMutexLock lock(&mu_);
  for (const auto& [id, member] : members_) {
    if (member->departed) continue;
    ++counts.nodes;
    counts.registrations += member->topics.size();
  }
  counts.topics = topics_.size();
  for (const auto& [name, topic] : topics_) {
    counts.channels += topic->channels.size();
  }
  counts.tombstones = tombstones_.size();
  for (const auto& [name, watchers] : watchers_) {
    counts.watchers += watchers.size();
  }
  return counts;
}

// --- Administration ------------------------------------------------------

void LookupRegistry::CreateTopic(absl::string_view topic) {
  absl::MutexLock lock(&mu_);
  FindOrMake(topic).created = true;
}

void LookupRegistry::CreateChannel(absl::string_view topic,
                                   absl::string_view channel) {
  absl::MutexLock lock(&mu_);
  Topic& entry = FindOrMake(topic);
  entry.created = true;
  const auto [it, is_new] = entry.channels.try_emplace(std::string(channel));
  it->second.created = true;
  if (is_new) NoteChange(entry);
}

void LookupRegistry::DeleteTopic(absl::string_view topic) {
  absl::MutexLock lock(&mu_);
  const auto it = topics_.find(topic);
  if (it == topics_.end()) return;
  NoteChange(*it->second);
  for (const auto& [member, channels] : it->second->holders) {
    member->topics.erase(it->second.get());
    member->lost_some = true;
  }
  topics_.erase(it);
}

void LookupRegistry::DeleteChannel(absl::string_view topic,
                                   absl::string_view channel) {
  absl::MutexLock lock(&mu_);
  const auto it = topics_.find(topic);
  if (it == topics_.end()) return;
  Topic& entry = *it->second;
  const auto found = entry.channels.find(channel);
  if (found == entry.channels.end()) return;
  for (auto& [member, channels] : entry.holders) {
    const auto held = std::find(channels.begin(), channels.end(), &*found);
    if (held == channels.end()) continue;
    channels.erase(held);
    member->lost_some = true;
  }
  entry.channels.erase(found);
  NoteChange(entry);
}

void LookupRegistry::Tombstone(absl::string_view topic,
                               absl::string_view node_id) {
  absl::MutexLock lock(&mu_);
  const bool is_here =
      std::any_of(members_.begin(), members_.end(), [&](const auto& entry) {
        return !entry.second->departed &&
               entry.second->node->node_id == node_id;
      });
  if (!is_here) return;
  tombstones_[TombstoneKey(topic, node_id)] =
      clock_.SteadyNow() + options_.tombstone_lifetime;
  NoteChange(topic);
}

// --- Following -----------------------------------------------------------

void LookupRegistry::Watch(absl::string_view topic, TopicWatcher* watcher) {
  absl::MutexLock lock(&mu_);
  watchers_[topic].insert(watcher);
}

void LookupRegistry::Unwatch(absl::string_view topic, TopicWatcher* watcher) {
  absl::MutexLock lock(&mu_);
  const auto it = watchers_.find(topic);
  if (it == watchers_.end()) return;
  it->second.erase(watcher);
  if (it->second.empty()) watchers_.erase(it);
}

void LookupRegistry::NoteChange(absl::string_view topic) const {
  const auto it = watchers_.find(topic);
  if (it == watchers_.end()) return;
  for (TopicWatcher* const watcher : it->second) watcher->OnTopicChanged();
}

void LookupRegistry::NoteChange(const Topic& topic) const {
  NoteChange(absl::string_view(topic.name));
}

void LookupRegistry::NoteChanges(const Member& member) const {
  for (const Topic* const topic : member.topics) NoteChange(*topic);
}

// --- Time ----------------------------------------------------------------

SteadyTime LookupRegistry::Expire() {
  absl::MutexLock lock(&mu_);
  const SteadyTime now = clock_.SteadyNow();
  std::vector<StreamId> forgotten;
  for (const auto& [id, member] : members_) {
    if (member->departed) {
      if (member->forget_at <= now) forgotten.push_back(id);
    } else if (!member->hidden &&
               member->last_heard + options_.inactive_timeout <= now) {
      member->hidden = true;
      NoteChanges(*member);
    }
  }
  for (const StreamId id : forgotten) ForgetMember(id);
  for (auto it = tombstones_.begin(); it != tombstones_.end();) {
    if (now < it->second) {
      ++it;
      continue;
    }
    NoteChange(it->first.first);
    it = tombstones_.erase(it);
  }
  return NextChangeLocked();
}

SteadyTime LookupRegistry::NextChange() const {
  absl::ReaderMutexLock lock(&mu_);
  return NextChangeLocked();
}

SteadyTime LookupRegistry::NextChangeLocked() const {
  SteadyTime next = SteadyTime::InfiniteFuture();
  for (const auto& [id, member] : members_) {
    if (member->departed) {
      next = std::min(next, member->forget_at);
    } else if (!member->hidden) {
      next = std::min(next, member->last_heard + options_.inactive_timeout);
    }
  }
  for (const auto& [key, until] : tombstones_) next = std::min(next, until);
  return next;
}

// --- Inside --------------------------------------------------------------

LookupRegistry::Topic& LookupRegistry::FindOrMake(absl::string_view name) {
  const auto it = topics_.find(name);
  if (it != topics_.end()) return *it->second;
  auto topic = std::make_unique<Topic>();
  topic->name = std::string(name);
  return *topics_.emplace(name, std::move(topic)).first->second;
}

void LookupRegistry::DropChannel(Topic& topic, Member& member,
                                 ChannelEntry* channel) {
  const auto holder = topic.holders.find(&member);
  if (holder == topic.holders.end()) return;
  std::vector<ChannelEntry*>& channels = holder->second;
  const auto held = std::find(channels.begin(), channels.end(), channel);
  if (held == channels.end()) return;
  channels.erase(held);
  if (--channel->second.holders == 0 && !channel->second.created) {
    topic.channels.erase(topic.channels.find(channel->first));
    NoteChange(topic);
  }
}

void LookupRegistry::DropTopic(Topic& topic, Member& member) {
  const auto holder = topic.holders.find(&member);
  if (holder == topic.holders.end()) return;
  const std::vector<ChannelEntry*> channels = holder->second;
  for (ChannelEntry* const channel : channels) {
    DropChannel(topic, member, channel);
  }
  topic.holders.erase(&member);
  member.topics.erase(&topic);
  NoteChange(topic);
  ForgetIfUnused(topic);
}

void LookupRegistry::ForgetIfUnused(Topic& topic) {
  if (!topic.created && topic.holders.empty()) topics_.erase(topic.name);
}

void LookupRegistry::ForgetMember(StreamId stream) {
  Member& member = *members_.at(stream);
  const std::vector<Topic*> topics(member.topics.begin(), member.topics.end());
  for (Topic* const topic : topics) DropTopic(*topic, member);
  members_.erase(stream);
}

void LookupRegistry::ForgetDeparted(const std::string& node_id, StreamId but) {
  std::vector<StreamId> former;
  for (const auto& [id, member] : members_) {
    if (member->departed && id != but && member->node->node_id == node_id) {
      former.push_back(id);
    }
  }
  for (const StreamId id : former) ForgetMember(id);
}

bool LookupRegistry::IsTombstoned(const std::string& topic,
                                  const std::string& node_id) const {
  return !tombstones_.empty() &&
         tombstones_.contains(TombstoneKey(topic, node_id));
}

}  // namespace sluice
