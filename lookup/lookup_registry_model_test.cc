// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Random operations on the registry and on a model so plain that it is right.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/fake_clock.h"
#include "base/names.h"
#include "lookup/lookup_registry.h"

namespace sluice {
namespace {

const char* const kTopics[] = {"a", "b", "c#ephemeral"};
const char* const kChannels[] = {"", "x", "y", "z#ephemeral"};
const char* const kNodes[] = {"n1", "n2", "n3"};

// What one stream said: pairs of topic and channel, "" for the topic itself.
using Said = std::set<std::pair<std::string, std::string>>;

struct ModelStream {
  std::string node_id;
  Said said;
  SteadyTime last_heard;
  bool pinged = false;
  bool lost_some = false;
};

struct Model {
  std::map<uint64_t, ModelStream> streams;
  std::map<std::string, Said> remembered;  // by node id
  Said created;
  std::map<std::pair<std::string, std::string>, SteadyTime> tombstones;

  std::set<std::string> Topics() const {
    std::set<std::string> names;
    for (const Said* const said : All()) {
      for (const auto& [topic, channel] : *said) names.insert(topic);
    }
    return names;
  }
  std::vector<std::string> Channels(const std::string& topic) const {
    std::set<std::string> names;
    for (const Said* const said : All()) {
      for (const auto& [of, channel] : *said) {
        if (of == topic && !channel.empty()) names.insert(channel);
      }
    }
    return {names.begin(), names.end()};
  }
  std::vector<std::string> Nodes(const std::string& topic,
                                 SteadyTime now) const {
    std::set<std::string> ids;
    for (const auto& [id, stream] : streams) {
      const auto stone = tombstones.find({topic, stream.node_id});
      const bool buried = stone != tombstones.end() && now < stone->second;
      const bool silent = stream.last_heard + absl::Minutes(5) <= now;
      if (stream.said.count({topic, ""}) > 0 && !buried && !silent) {
        ids.insert(stream.node_id);
      }
    }
    return {ids.begin(), ids.end()};
  }

 private:
  std::vector<const Said*> All() const {
    std::vector<const Said*> all = {&created};
    for (const auto& [id, stream] : streams) all.push_back(&stream.said);
    for (const auto& [node, said] : remembered) all.push_back(&said);
    return all;
  }
};

class RandomRun {
 public:
  explicit RandomRun(uint32_t seed) : random_(seed) {}

  void Step() {
    const std::string topic = Pick(kTopics);
    const std::string channel = Pick(kChannels);
    switch (random_() % 12) {
      case 0:
        if (model_.streams.size() < 5) Connect(Pick(kNodes));
        break;
      case 1:
      case 2:
      case 3:
        WithStream([&](uint64_t id) { Add(id, topic, channel); });
        break;
      case 4:
        WithStream([&](uint64_t id) { Remove(id, topic, channel); });
        break;
      case 5:
        WithStream([&](uint64_t id) { Ping(id); });
        break;
      case 6:
        WithStream([&](uint64_t id) { Disconnect(id); });
        break;
      case 7:
        Create(topic, channel);
        break;
      case 8:
        Delete(topic, channel);
        break;
      case 9:
        Tombstone(topic, Pick(kNodes));
        break;
      default:
        clock_.Advance(absl::Seconds(random_() % 100));
        registry_.Expire();
        break;
    }
  }

  void Check() {
    const SteadyTime now = clock_.SteadyNow();
    registry_.Expire();
    const std::set<std::string> topics = model_.Topics();
    EXPECT_EQ(registry_.Topics(),
              std::vector<std::string>(topics.begin(), topics.end()));
    for (const char* const topic : kTopics) {
      const auto view = registry_.Lookup(topic);
      EXPECT_EQ(view.channels, model_.Channels(topic)) << topic;
      std::vector<std::string> nodes;
      for (const auto& node : view.nodes) nodes.push_back(node->node_id);
      EXPECT_EQ(nodes, model_.Nodes(topic, now)) << topic;
    }
  }

 private:
  template <size_t kSize>
  std::string Pick(const char* const (&from)[kSize]) {
    return from[random_() % kSize];
  }
  template <typename Do>
  void WithStream(Do what) {
    if (model_.streams.empty()) return;
    auto it = model_.streams.begin();
    std::advance(it, random_() % model_.streams.size());
    what(it->first);
  }
  ModelStream& Hear(uint64_t id) {
    ModelStream& stream = model_.streams.at(id);
    stream.last_heard = clock_.SteadyNow();
    return stream;
  }

  void Connect(const std::string& node_id) {
    NodeRecord node;
    node.node_id = node_id;
    const uint64_t id = registry_.Connect(node);
    model_.streams[id] = {node_id, {}, clock_.SteadyNow()};
  }
  void Add(uint64_t id, const std::string& topic, const std::string& channel) {
    registry_.Add(id, topic, channel);
    Said& said = Hear(id).said;
    said.insert({topic, ""});
    said.insert({topic, channel});
  }
  void Remove(uint64_t id, const std::string& topic,
              const std::string& channel) {
    registry_.Remove(id, topic, channel);
    ModelStream& stream = Hear(id);
    Erase(topic, channel, &stream.said);
    if (channel.empty()) model_.tombstones.erase({topic, stream.node_id});
  }
  static bool Erase(const std::string& topic, const std::string& channel,
                    Said* said) {
    if (!channel.empty()) return said->erase({topic, channel}) > 0;
    const size_t before = said->size();
    for (auto it = said->begin(); it != said->end();) {
      it = it->first == topic ? said->erase(it) : std::next(it);
    }
    return said->size() < before;
  }
  void Ping(uint64_t id) {
    ModelStream& stream = Hear(id);
    EXPECT_EQ(registry_.Ping(id), !stream.lost_some);
    stream.lost_some = false;
    if (!stream.pinged) model_.remembered.erase(stream.node_id);
    stream.pinged = true;
  }
  void Disconnect(uint64_t id) {
    registry_.Disconnect(id);
    const ModelStream stream = model_.streams.at(id);
    model_.streams.erase(id);
    Said lasting;
    for (const auto& [topic, channel] : stream.said) {
      if (!IsEphemeralName(topic) && !IsEphemeralName(channel)) {
        lasting.insert({topic, channel});
      }
    }
    const bool has_former = model_.remembered.count(stream.node_id) > 0;
    if (lasting.empty() || (has_former && !stream.pinged)) return;
    model_.remembered[stream.node_id] = lasting;
  }
  void Create(const std::string& topic, const std::string& channel) {
    if (channel.empty()) {
      registry_.CreateTopic(topic);
    } else {
      registry_.CreateChannel(topic, channel);
    }
    model_.created.insert({topic, ""});
    model_.created.insert({topic, channel});
  }
  void Delete(const std::string& topic, const std::string& channel) {
    if (channel.empty()) {
      registry_.DeleteTopic(topic);
    } else {
      registry_.DeleteChannel(topic, channel);
    }
    Erase(topic, channel, &model_.created);
    for (auto& [id, stream] : model_.streams) {
      if (Erase(topic, channel, &stream.said)) stream.lost_some = true;
    }
    for (auto& [node, said] : model_.remembered) Erase(topic, channel, &said);
  }
  void Tombstone(const std::string& topic, const std::string& node_id) {
    registry_.Tombstone(topic, node_id);
    for (const auto& [id, stream] : model_.streams) {
      if (stream.node_id != node_id) continue;
      model_.tombstones[{topic, node_id}] =
          clock_.SteadyNow() + absl::Seconds(45);
    }
  }

  std::mt19937 random_;
  FakeClock clock_;
  LookupRegistry registry_{LookupRegistry::Options(), clock_};
  Model model_;
};

TEST(LookupRegistryModel, AnswersLikeThePlainModelWhateverHappens) {
  for (uint32_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    RandomRun run(seed);
    for (int step = 0; step < 300 && !::testing::Test::HasFailure(); ++step) {
      run.Step();
      run.Check();
    }
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace sluice
