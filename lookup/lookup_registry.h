// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_LOOKUP_REGISTRY_H_
#define SLUICE_LOOKUP_LOOKUP_REGISTRY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "lookup/node_record.h"

namespace sluice {

// Told that the answer for a topic may have changed. Called under the
// registry's lock, on any thread: it may only take a note of it.
class TopicWatcher {
 public:
  virtual void OnTopicChanged() = 0;

 protected:
  ~TopicWatcher() = default;
};

// Which nodes have which topics and channels, as far as they say so now. All of
// it is in memory and none of it is certain: nodes tell it anew whenever they
// are asked to.
//
//   - A node is here for as long as its stream. A silent one is hidden until
//     it is heard again. When two streams say they are the same node (the old
//     connection of one is not found dead yet), the newer one is shown.
//   - The names of lasting topics and channels stay for a day after the stream
//     of their last node, so that another node that makes the topic meanwhile
//     makes its channels, too. They go at once when the node removes them, or
//     comes back without them. Ephemeral names go with the stream.
//   - A name that was created here stays until it is deleted here.
//   - A tombstone hides one node for one topic, whichever stream it comes by.
//
// What time alone changes is done by Expire(). Names are taken as they come:
// the caller has checked them. Thread-safe; nothing blocks.
class LookupRegistry {
 public:
  struct Options {
    absl::Duration inactive_timeout = absl::Minutes(5);
    absl::Duration tombstone_lifetime = absl::Seconds(45);
  };
  using StreamId = uint64_t;

  // `clock` outlives the registry.
  LookupRegistry(const Options& options, Clock& clock);
  LookupRegistry(const LookupRegistry&) = delete;
  LookupRegistry& operator=(const LookupRegistry&) = delete;

  // --- Of a node, by its stream ---------------------------------------------

  // A node's stream begins.
  StreamId Connect(NodeRecord node) ABSL_LOCKS_EXCLUDED(mu_);
  // An empty `channel` means the topic itself; a channel brings its topic.
  void Add(StreamId stream, absl::string_view topic, absl::string_view channel)
      ABSL_LOCKS_EXCLUDED(mu_);
  // Removing a topic removes its channels and the node's tombstone for it.
  void Remove(StreamId stream, absl::string_view topic,
              absl::string_view channel) ABSL_LOCKS_EXCLUDED(mu_);
  // A sign of life. False, once, when something the node had was deleted here:
  // it should add everything again.
  bool Ping(StreamId stream) ABSL_LOCKS_EXCLUDED(mu_);
  // The stream has ended, and the node is gone at once.
  void Disconnect(StreamId stream) ABSL_LOCKS_EXCLUDED(mu_);

  // --- Questions ------------------------------------------------------------

  using NodePointer = std::shared_ptr<const NodeRecord>;
  struct TopicView {
    std::vector<std::string> channels;  // by name
    std::vector<NodePointer> nodes;     // by id; visible ones
    bool operator==(const TopicView& other) const;
  };
  // Empty for a topic that is not known.
  TopicView Lookup(absl::string_view topic) const ABSL_LOCKS_EXCLUDED(mu_);
  // By name.
  std::vector<std::string> Topics() const ABSL_LOCKS_EXCLUDED(mu_);
  // By name; empty for a topic that is not known.
  std::vector<std::string> Channels(absl::string_view topic) const
      ABSL_LOCKS_EXCLUDED(mu_);
  bool Knows(absl::string_view topic) const ABSL_LOCKS_EXCLUDED(mu_);
  // By id; those that are not silent.
  struct NodeView {
    NodePointer node;
    size_t topic_count = 0;
    absl::Duration silence;
    std::vector<std::string> tombstones;  // topics, by name
  };
  std::vector<NodeView> Nodes() const ABSL_LOCKS_EXCLUDED(mu_);

  struct Counts {
    size_t nodes = 0;  // with a stream, silent ones too
    size_t topics = 0;
    size_t channels = 0;
    size_t registrations = 0;  // of topics, by nodes
    size_t tombstones = 0;
    size_t watchers = 0;
  };
  Counts GetCounts() const ABSL_LOCKS_EXCLUDED(mu_);

  // --- Administration -------------------------------------------------------
  // What is asked for may be there, or gone, already.

  void CreateTopic(absl::string_view topic) ABSL_LOCKS_EXCLUDED(mu_);
  void CreateChannel(absl::string_view topic, absl::string_view channel)
      ABSL_LOCKS_EXCLUDED(mu_);
  void DeleteTopic(absl::string_view topic) ABSL_LOCKS_EXCLUDED(mu_);
  void DeleteChannel(absl::string_view topic, absl::string_view channel)
      ABSL_LOCKS_EXCLUDED(mu_);
  // Does nothing for a node that is not here.
  void Tombstone(absl::string_view topic, absl::string_view node_id)
      ABSL_LOCKS_EXCLUDED(mu_);

  // --- Following ------------------------------------------------------------

  // `watcher` must be unwatched before it is destroyed.
  void Watch(absl::string_view topic, TopicWatcher* watcher)
      ABSL_LOCKS_EXCLUDED(mu_);
  // It is not called any more when this returns.
  void Unwatch(absl::string_view topic, TopicWatcher* watcher)
      ABSL_LOCKS_EXCLUDED(mu_);

  // --- Time -----------------------------------------------------------------

  // Hides who has become silent, ends tombstones and forgets names. Returns
  // when it is to be called next: InfiniteFuture when time changes nothing.
  SteadyTime Expire() ABSL_LOCKS_EXCLUDED(mu_);
  // When Expire would next change something; no later than what it returned,
  // unless a node was heard meanwhile.
  SteadyTime NextChange() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Topic;
  struct Channel {
    bool created = false;  // here
    int holders = 0;       // streams, departed ones too
  };
  // Stable in memory.
  using ChannelMap = std::map<std::string, Channel, std::less<>>;
  using ChannelEntry = ChannelMap::value_type;

  // What one stream has said, and for a day what a departed one had said.
  struct Member {
    StreamId id = 0;
    NodePointer node;
    SteadyTime last_heard;
    SteadyTime forget_at = SteadyTime::InfiniteFuture();
    bool departed = false;
    bool hidden = false;
    bool pinged = false;
    bool lost_some = false;  // deleted here; to be told
    absl::flat_hash_set<Topic*> topics;
  };
  struct Topic {
    std::string name;
    bool created = false;  // here
    ChannelMap channels;
    absl::flat_hash_map<Member*, std::vector<ChannelEntry*>> holders;
  };
  using TombstoneKey = std::pair<std::string, std::string>;  // topic, node id

  Topic& FindOrMake(absl::string_view name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Member& Hear(StreamId stream) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void DropChannel(Topic& topic, Member& member, ChannelEntry* channel)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void DropTopic(Topic& topic, Member& member)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // If nobody has it and nobody created it.
  void ForgetIfUnused(Topic& topic) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void ForgetMember(StreamId stream) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // What a former stream of the same node left, except `but`.
  void ForgetDeparted(const std::string& node_id, StreamId but)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void NoteChange(const Topic& topic) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void NoteChange(absl::string_view topic) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void NoteChanges(const Member& member) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool IsShown(const Member& member) const ABSL_SHARED_LOCKS_REQUIRED(mu_) {
    return !member.departed && !member.hidden;
  }
  bool IsTombstoned(const std::string& topic, const std::string& node_id) const
      ABSL_SHARED_LOCKS_REQUIRED(mu_);
  SteadyTime NextChangeLocked() const ABSL_SHARED_LOCKS_REQUIRED(mu_);

  const Options options_;
  Clock& clock_;

  mutable absl::Mutex mu_;
  StreamId next_id_ ABSL_GUARDED_BY(mu_) = 1;
  absl::flat_hash_map<StreamId, std::unique_ptr<Member>> members_
      ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<std::string, std::unique_ptr<Topic>> topics_
      ABSL_GUARDED_BY(mu_);
  absl::btree_map<TombstoneKey, SteadyTime> tombstones_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<std::string, absl::flat_hash_set<TopicWatcher*>> watchers_
      ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_LOOKUP_LOOKUP_REGISTRY_H_
