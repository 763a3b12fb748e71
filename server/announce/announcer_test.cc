// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/announce/announcer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kPatience = absl::Seconds(10);

// A lookup server that notes what it is told, and can misbehave.
class FakeLookup final : public v1::LookupService::Service {
 public:
  // On `port`; 0 takes a free one.
  explicit FakeLookup(int port = 0) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(absl::StrCat("127.0.0.1:", port),
                             grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeLookup() override {
    Release();
    server_->Shutdown(std::chrono::system_clock::now());
  }

  grpc::Status Register(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::RegisterResponse, v1::RegisterRequest>*
          stream) override {
    v1::RegisterRequest request;
    while (stream->Read(&request)) {
      v1::RegisterResponse response;
      response.mutable_ping_interval()->set_nanos(50'000'000);
      absl::MutexLock lock(&mu_);
      mu_.Await(absl::Condition(this, &FakeLookup::Answers));
      response.set_known(!request.has_node());
      if (request.has_node()) node_ = request.node();
      if (request.has_add()) names_.insert(NameOf(request.add()));
      if (request.has_remove()) names_.erase(NameOf(request.remove()));
      if (request.has_ping()) {
        ++pings_;
        response.set_known(!std::exchange(forgets_, false));
      }
      stream->Write(response);
    }
    absl::MutexLock lock(&mu_);
    names_.clear();
    node_.Clear();
    return grpc::Status::OK;
  }

  grpc::Status ListChannels(
      grpc::ServerContext*, const v1::LookupServiceListChannelsRequest*,
      v1::LookupServiceListChannelsResponse* response) override {
    absl::MutexLock lock(&mu_);
    mu_.Await(absl::Condition(this, &FakeLookup::Answers));
    for (const std::string& channel : channels_) {
      response->add_channels(channel);
    }
    return grpc::Status::OK;
  }

  int port() const { return port_; }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  void Hold() {
    absl::MutexLock lock(&mu_);
    hanging_ = true;
  }
  void Release() {
    absl::MutexLock lock(&mu_);
    hanging_ = false;
  }
  void ForgetAll() {
    absl::MutexLock lock(&mu_);
    names_.clear();
    forgets_ = true;
  }
  void SetChannels(std::vector<std::string> channels) {
    absl::MutexLock lock(&mu_);
    channels_ = std::move(channels);
  }
  v1::NodeInfo node() {
    absl::MutexLock lock(&mu_);
    return node_;
  }
  int pings() {
    absl::MutexLock lock(&mu_);
    return pings_;
  }
  // Waits until exactly these are registered: `topic` or `topic/channel`.
  bool Has(const std::set<std::string>& names) {
    const auto has = [&]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
      return names_ == names;
    };
    absl::MutexLock lock(&mu_);
    return mu_.AwaitWithTimeout(absl::Condition(&has), kPatience);
  }

 private:
  static std::string NameOf(const v1::Registration& registration) {
    return registration.channel().empty()
               ? registration.topic()
               : absl::StrCat(registration.topic(), "/",
                              registration.channel());
  }
  bool Answers() const ABSL_SHARED_LOCKS_REQUIRED(mu_) { return !hanging_; }

  int port_ = 0;
  absl::Mutex mu_;
  bool hanging_ ABSL_GUARDED_BY(mu_) = false;
  bool forgets_ ABSL_GUARDED_BY(mu_) = false;
  int pings_ ABSL_GUARDED_BY(mu_) = 0;
  v1::NodeInfo node_ ABSL_GUARDED_BY(mu_);
  std::set<std::string> names_ ABSL_GUARDED_BY(mu_);
  std::vector<std::string> channels_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<grpc::Server> server_;
};

class AnnouncerTest : public ::testing::Test {
 protected:
  void Begin(std::vector<std::string> lookups) {
    Announcer::Options options;
    options.lookups = std::move(lookups);
    options.answer_timeout = absl::Milliseconds(300);
    options.ask_timeout = absl::Milliseconds(300);
    options.first_retry = absl::Milliseconds(10);
    options.longest_retry = absl::Milliseconds(50);
    announcer_ = std::make_unique<Announcer>(options, [this] {
      absl::MutexLock lock(&mu_);
      return names_;
    });
    v1::NodeInfo node;
    node.set_node_id("n1");
    node.set_broadcast_address("127.0.0.1");
    node.set_grpc_port(4150);
    announcer_->Start(node);
  }
  void Set(Names names) {
    {
      absl::MutexLock lock(&mu_);
      names_ = std::move(names);
    }
    if (announcer_ != nullptr) announcer_->OnNamesChanged();
  }
  bool IsRegistered(size_t lookup, bool registered = true) {
    const absl::Time deadline = absl::Now() + kPatience;
    while (absl::Now() < deadline) {
      if (announcer_->States()[lookup].registered == registered) return true;
      absl::SleepFor(absl::Milliseconds(1));
    }
    return false;
  }
  std::vector<std::string> FindChannels() {
    std::promise<std::vector<std::string>> channels;
    announcer_->FindChannels("orders", [&](std::vector<std::string> found) {
      channels.set_value(std::move(found));
    });
    return channels.get_future().get();
  }

  absl::Mutex mu_;
  Names names_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<Announcer> announcer_;
};

TEST_F(AnnouncerTest, TellsEveryLookupWhoTheNodeIsAndWhatItHas) {
  FakeLookup one;
  FakeLookup two;
  Set({{"orders", ""}, {"orders", "mail"}, {"bills", ""}});
  Begin({one.address(), two.address()});
  for (FakeLookup* const lookup : {&one, &two}) {
    EXPECT_TRUE(lookup->Has({"bills", "orders/mail"}));
    EXPECT_EQ(lookup->node().node_id(), "n1");
    EXPECT_EQ(lookup->node().grpc_port(), 4150u);
  }
  EXPECT_TRUE(IsRegistered(0));
  EXPECT_TRUE(IsRegistered(1));
}

TEST_F(AnnouncerTest, TellsWhatComesAndGoes) {
  FakeLookup lookup;
  Begin({lookup.address()});
  Set({{"orders", ""}, {"orders", "mail#ephemeral"}});
  EXPECT_TRUE(lookup.Has({"orders/mail#ephemeral"}));
  Set({{"orders", ""}});
  EXPECT_TRUE(lookup.Has({}));
  Set({{"bills", ""}, {"orders", ""}});
  EXPECT_TRUE(lookup.Has({"bills"}));
}

TEST_F(AnnouncerTest, PingsAsOftenAsItIsTold) {
  FakeLookup lookup;
  Begin({lookup.address()});
  const absl::Time deadline = absl::Now() + kPatience;
  while (lookup.pings() < 3 && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_GE(lookup.pings(), 3);
}

TEST_F(AnnouncerTest, AddsEverythingAgainForALookupThatForgot) {
  FakeLookup lookup;
  Set({{"orders", ""}});
  Begin({lookup.address()});
  ASSERT_TRUE(lookup.Has({"orders"}));
  lookup.ForgetAll();
  EXPECT_TRUE(lookup.Has({"orders"}));
}

TEST_F(AnnouncerTest, ComesBackToALookupThatWasRestarted) {
  auto lookup = std::make_unique<FakeLookup>();
  const int port = lookup->port();
  Set({{"orders", ""}});
  Begin({lookup->address()});
  ASSERT_TRUE(lookup->Has({"orders"}));
  lookup.reset();
  EXPECT_TRUE(IsRegistered(0, false));
  EXPECT_FALSE(announcer_->States()[0].last_error.empty());
  lookup = std::make_unique<FakeLookup>(port);
  EXPECT_TRUE(lookup->Has({"orders"}));
  EXPECT_TRUE(IsRegistered(0));
}

TEST_F(AnnouncerTest, ALookupThatHangsOrIsNotThereConcernsNoOther) {
  FakeLookup hanging;
  hanging.Hold();
  FakeLookup good;
  good.SetChannels({"mail"});
  Begin({hanging.address(), "127.0.0.1:1", "no.such.host.invalid:4160",
         good.address()});
  Set({{"orders", ""}});
  EXPECT_TRUE(good.Has({"orders"}));
  EXPECT_FALSE(announcer_->States()[0].registered);
  EXPECT_FALSE(announcer_->States()[1].registered);
  // Once they were found not to answer, nobody waits for them.
  const absl::Time deadline = absl::Now() + kPatience;
  while (announcer_->States()[0].failures == 0 && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_THAT(FindChannels(), ElementsAre("mail"));
  hanging.Release();
  EXPECT_TRUE(hanging.Has({"orders"}));
}

TEST_F(AnnouncerTest, FindsTheChannelsOfAllLookupsEachOnce) {
  FakeLookup one;
  one.SetChannels({"mail", "archive"});
  FakeLookup two;
  two.SetChannels({"mail", "audit"});
  Begin({one.address(), two.address()});
  EXPECT_THAT(FindChannels(), ElementsAre("archive", "audit", "mail"));
}

TEST_F(AnnouncerTest, ALookupThatAnswersTooLateIsNotWaitedFor) {
  FakeLookup slow;
  FakeLookup quick;
  quick.SetChannels({"mail"});
  Begin({slow.address(), quick.address()});
  ASSERT_TRUE(IsRegistered(0));
  ASSERT_TRUE(IsRegistered(1));
  slow.Hold();
  const absl::Time begin = absl::Now();
  EXPECT_THAT(FindChannels(), ElementsAre("mail"));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
}

TEST_F(AnnouncerTest, ANodeThatDrainsIsForgottenAndFindsNothing) {
  FakeLookup lookup;
  lookup.SetChannels({"mail"});
  Set({{"orders", ""}});
  Begin({lookup.address()});
  ASSERT_TRUE(lookup.Has({"orders"}));
  announcer_->Withdraw();
  EXPECT_TRUE(lookup.Has({}));
  EXPECT_THAT(FindChannels(), IsEmpty());
  Set({{"bills", ""}});
  announcer_->Stop();
  EXPECT_EQ(lookup.node().node_id(), "");
}

TEST_F(AnnouncerTest, TellsThousandsOfNamesWithFewInFlight) {
  FakeLookup lookup;
  Names names;
  std::set<std::string> expected;
  for (int i = 1000; i < 4000; ++i) {
    names.push_back({absl::StrCat("t", i), ""});
    expected.insert(absl::StrCat("t", i));
  }
  Set(names);
  Begin({lookup.address()});
  EXPECT_TRUE(lookup.Has(expected));
  EXPECT_THAT(announcer_->States(), SizeIs(1));
}

TEST(Announcer, MayStopBeforeItStarted) {
  Announcer announcer({}, [] { return Names(); });
  announcer.Stop();
}

}  // namespace
}  // namespace sluice
