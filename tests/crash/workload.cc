// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/workload.h"

#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/conformance/publisher_session.h"

namespace sluice {
namespace {

using Kind = Event::Kind;

const char* const kShared[] = {"first", "second"};
constexpr char kLone[] = "lone";
constexpr char kMortal[] = "mortal";
constexpr uint32_t kMaxAttempts = 3;
constexpr char kLetters[] = "letters";  // of the topic for dead letters
const char* const kChannels[] = {kShared[0], kShared[1], kLone, kMortal,
                                 kLetters};
// What a publisher sends ahead of its answers.
constexpr size_t kWindow = 16;
// Between batches, so that a long run stays small enough to judge.
constexpr absl::Duration kPause = absl::Milliseconds(3);
constexpr absl::Duration kDrainWithin = absl::Minutes(2);

void SetMilliseconds(int64_t milliseconds, google::protobuf::Duration* out) {
  out->set_seconds(milliseconds / 1000);
  out->set_nanos(static_cast<int32_t>(milliseconds % 1000 * 1'000'000));
}

absl::Duration DelayOf(const v1::Message& message) {
  return absl::Seconds(message.delay().seconds()) +
         absl::Nanoseconds(message.delay().nanos());
}

// Those that are never finished on the channel that gives up.
bool IsPoison(uint64_t key) { return key % 16 == 0; }

// What a dead letter says of where it comes from.
void ReadOrigin(const v1::Delivery& delivery, Event* event) {
  const auto& attributes = delivery.attributes();
  const auto id = attributes.find("sluice-dead-letter-message-id");
  const auto attempts = attributes.find("sluice-dead-letter-attempts");
  if (id == attributes.end() || attempts == attributes.end() ||
      !absl::SimpleAtoi(id->second, &event->origin_id) ||
      !absl::SimpleAtoi(attempts->second, &event->origin_attempts)) {
    event->key = absl::nullopt;
  }
}

// One consumer's stream, which notes all that passes.
class Consumer {
 public:
  Consumer(History& history, NodeClient& client, v1::Open open, uint64_t number,
           uint32_t seed)
      : history_(history),
        channel_(open.channel()),
        number_(number),
        random_(seed),
        session_(client, NoteOpen(std::move(open))) {}

  bool ended() const { return session_.ended(); }

  void Step() {
    const auto delivery = session_.NextDelivery(absl::Milliseconds(20));
    if (delivery.has_value()) {
      Handle(*delivery);
    } else if (!held_.empty()) {
      for (const uint64_t id : held_) Requeue(id);
      held_.clear();
    }
    TakeResults();
  }

  // What came with the end of the stream.
  void End() {
    TakeResults();
    history_.Add(Made(Kind::kStreamEnded));
  }

 private:
  v1::Open NoteOpen(v1::Open open) {
    Event event = Made(Kind::kReady);
    event.count = open.ready();
    history_.Add(std::move(event));
    return open;
  }

  Event Made(Kind kind, uint64_t delivery_id = 0) const {
    Event event;
    event.kind = kind;
    event.channel = channel_;
    event.client = number_;
    event.delivery_id = delivery_id;
    return event;
  }

  void Handle(const v1::Delivery& delivery) {
    const uint64_t id = delivery.delivery_id();
    Event event = Made(Kind::kDelivered, id);
    event.message_id = delivery.message_id();
    event.attempts = delivery.attempts();
    event.key = KeyOf(delivery.body());
    const auto attribute = delivery.attributes().find("key");
    if (event.key.has_value() &&
        (attribute == delivery.attributes().end() ||
         attribute->second != absl::StrCat(*event.key))) {
      event.key = absl::nullopt;
    }
    if (channel_ == kLetters) ReadOrigin(delivery, &event);
    history_.Add(event);
    const bool lone = channel_ == kLone;
    const bool poison = channel_ == kMortal && IsPoison(event.key.value_or(1));
    if (poison || (!lone && random_() % 10 == 0)) return Requeue(id);
    if (!lone && random_() % 20 == 0 && held_.size() < 5) {
      held_.push_back(id);
      return;
    }
    if (event.key.has_value()) finishing_[id] = *event.key;
    history_.Add(Made(Kind::kFinishSent, id));
    session_.Finish({id});
  }

  void Requeue(uint64_t id) {
    v1::SubscribeRequest request;
    request.mutable_requeue()->add_delivery_ids(id);
    Event event = Made(Kind::kRequeueSent, id);
    if (random_() % 2 == 0) {
      const int64_t milliseconds = 1 + random_() % 500;
      SetMilliseconds(milliseconds, request.mutable_requeue()->mutable_delay());
      event.delay = absl::Milliseconds(milliseconds);
    }
    history_.Add(std::move(event));
    session_.Send(request);
  }

  void TakeResults() {
    for (const v1::CommandResult& result : session_.TakeResults()) {
      const auto found = finishing_.find(result.delivery_id());
      if (found == finishing_.end()) continue;
      const bool ok = result.outcome() == v1::COMMAND_OUTCOME_OK;
      Event event =
          Made(ok ? Kind::kFinishOk : Kind::kNotInFlight, result.delivery_id());
      event.key = found->second;
      history_.Add(std::move(event));
      finishing_.erase(found);
    }
  }

  History& history_;
  const std::string channel_;
  const uint64_t number_;
  std::mt19937 random_;
  std::map<uint64_t, uint64_t> finishing_;  // delivery id to key
  std::vector<uint64_t> held_;
  SubscriberSession session_;
};

}  // namespace

Workload::Workload(v1::Durability level)
    : level_(level),
      topic_(level == v1::DURABILITY_DISK ? "disk" : "os"),
      letters_topic_(topic_ + "-letters") {}

void Workload::Create(NodeClient& client) {
  for (const std::string& topic : {topic_, letters_topic_}) {
    v1::CreateTopicRequest create;
    create.set_topic(topic);
    create.mutable_config()->set_durability(level_);
    EXPECT_TRUE(IsOk(client.Call(create)));
  }
  for (const std::string channel : kChannels) {
    v1::CreateChannelRequest create;
    create.set_topic(TopicOf(channel));
    create.set_channel(channel);
    create.set_start(v1::START_POSITION_EARLIEST);
    if (channel == kMortal) {
      create.mutable_config()->set_max_attempts(kMaxAttempts);
      create.mutable_config()->set_dead_letter_topic(letters_topic_);
    }
    EXPECT_TRUE(IsOk(client.Call(create)));
  }
}

const std::string& Workload::TopicOf(const std::string& channel) const {
  return channel == kLetters ? letters_topic_ : topic_;
}

uint64_t Workload::LeftOn(NodeClient& client,
                          const std::string& channel) const {
  const v1::ChannelStats stats =
      client.ChannelStatsOf(TopicOf(channel), channel);
  return stats.depth() + stats.in_flight_count() + stats.deferred_count();
}

void Workload::Start(const std::string& address, std::mt19937& random,
                     std::vector<std::thread>* threads) {
  over_ = false;
  const auto never = [] { return false; };
  threads->emplace_back(&Workload::PublishUnary, this, address, random());
  threads->emplace_back(&Workload::PublishStream, this, address, random());
  for (const std::string channel : kChannels) {
    threads->emplace_back(&Workload::Consume, this, address, channel, random(),
                          never);
  }
  for (const std::string channel : {kShared[0], kMortal}) {  // two of them
    threads->emplace_back(&Workload::Consume, this, address, channel, random(),
                          never);
  }
}

void Workload::NoteKill() {
  history_.Add(Kind::kKilled);
  NoteStop();
}

void Workload::NoteStop() { over_ = true; }

Workload::Batch Workload::NextBatch(std::mt19937& random) {
  Batch batch;
  batch.request.set_topic(topic_);
  for (unsigned i = 0; i <= random() % 10; ++i) {
    const uint64_t key = ++last_key_;
    batch.keys.push_back(key);
    v1::Message& message = *batch.request.add_messages();
    message.set_body(BodyOf(key));
    (*message.mutable_attributes())["key"] = absl::StrCat(key);
    if (random() % 10 == 0) {
      SetMilliseconds(1 + random() % 800, message.mutable_delay());
    }
  }
  if (random() % 2 == 0) {
    batch.request.set_request_id(absl::StrCat("request-", batch.keys[0]));
  }
  return batch;
}

void Workload::NoteInvoked(const Batch& batch) {
  for (size_t i = 0; i < batch.keys.size(); ++i) {
    Event event;
    event.kind = Kind::kPublishInvoked;
    event.key = batch.keys[i];
    event.delay = DelayOf(batch.request.messages(static_cast<int>(i)));
    history_.Add(std::move(event));
  }
}

void Workload::NoteAnswer(const Batch& batch,
                          const v1::PublishResponse& response) {
  EXPECT_EQ(response.message_count(), batch.keys.size());
  EXPECT_EQ(response.durability(), level_);
  for (size_t i = 0; i < batch.keys.size(); ++i) {
    Event event;
    event.kind = Kind::kPublishOk;
    event.key = batch.keys[i];
    event.message_id = response.first_message_id() + i;
    history_.Add(std::move(event));
  }
}

void Workload::PublishUnary(const std::string& address, uint32_t seed) {
  std::mt19937 random(seed);
  NodeClient client(address);
  std::vector<Batch> again;
  {
    absl::MutexLock lock(&mu_);
    again.swap(unanswered_);
  }
  while (!over_) {
    Batch batch;
    if (again.empty()) {
      batch = NextBatch(random);
      NoteInvoked(batch);
    } else {
      batch = std::move(again.back());
      again.pop_back();
    }
    v1::PublishResponse response;
    const Outcome outcome = client.Call(batch.request, &response);
    if (outcome.ok()) {
      NoteAnswer(batch, response);
    } else {
      // gRPC itself cancels a call that comes between the end of its server and
      // the client's learning of it.
      EXPECT_TRUE(outcome.code == absl::StatusCode::kUnavailable ||
                  outcome.code == absl::StatusCode::kCancelled)
          << outcome;
      if (!batch.request.request_id().empty()) again.push_back(batch);
      break;
    }
    absl::SleepFor(kPause);
  }
  absl::MutexLock lock(&mu_);
  for (Batch& batch : again) unanswered_.push_back(std::move(batch));
}

void Workload::PublishStream(const std::string& address, uint32_t seed) {
  std::mt19937 random(seed);
  NodeClient client(address);
  PublisherSession session(client);
  std::map<uint64_t, Batch> waiting;
  const auto note = [&](absl::Duration patience) {
    const auto results = session.TakeResults(patience);
    for (const v1::PublishResult& result : results) {
      if (!result.has_published()) continue;
      NoteAnswer(waiting.at(result.correlation_id()), result.published());
      waiting.erase(result.correlation_id());
    }
    return !results.empty();
  };
  for (uint64_t id = 0; !over_; ++id) {
    Batch& batch = waiting[id] = NextBatch(random);
    NoteInvoked(batch);
    if (!session.Send(id, batch.request)) break;
    while (waiting.size() >= kWindow && note(kPatience)) {
    }
    absl::SleepFor(kPause);
  }
  // Answers that came before the end count too.
  session.HalfClose();
  session.ExpectEnd();
  note(absl::ZeroDuration());
  absl::MutexLock lock(&mu_);
  for (auto& [id, batch] : waiting) {
    if (batch.request.request_id().empty()) continue;
    unanswered_.push_back(std::move(batch));
  }
}

void Workload::Consume(const std::string& address, const std::string& channel,
                       uint32_t seed, const std::function<bool()>& done) {
  std::mt19937 random(seed);
  NodeClient client(address);
  const uint32_t ready = channel == kLone ? 1 : 1 + random() % 200;
  v1::Open open = OpenOf(TopicOf(channel), channel, ready);
  open.set_confirm_commands(true);
  Consumer consumer(history_, client, open, ++last_client_, random());
  while (!consumer.ended() && !done()) consumer.Step();
  consumer.End();
}

void Workload::Drain(const std::string& address, std::mt19937& random) {
  NodeClient client(address);
  const absl::Time deadline = absl::Now() + kDrainWithin;
  std::vector<std::thread> threads;
  for (const std::string channel : kChannels) {
    // Letters may come for as long as messages are being given up.
    threads.emplace_back(
        &Workload::Consume, this, address, channel, random(),
        [=, &client, look_at = absl::Now()]() mutable {
          if (absl::Now() < look_at) return false;
          look_at = absl::Now() + absl::Milliseconds(100);
          const bool more_may_come =
              channel == kLetters && LeftOn(client, kMortal) > 0;
          return (!more_may_come && LeftOn(client, channel) == 0) ||
                 absl::Now() > deadline;
        });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string channel : kChannels) {
    Event event;
    event.kind = Kind::kCounted;
    event.channel = channel;
    event.count = LeftOn(client, channel);
    EXPECT_EQ(event.count, 0) << channel;
    history_.Add(std::move(event));
  }
}

Verdict Workload::Judge() const {
  JudgeOptions options;
  options.channels = {kShared[0], kShared[1], kLone, kMortal};
  options.in_order = {kLone};
  options.letter_rule = {kMortal, kLetters, kMaxAttempts};
  return sluice::Judge(history_.Events(), options);
}

}  // namespace sluice
