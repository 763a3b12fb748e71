// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/server.h"

#include <cstdio>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "base/version.h"
#include "daemon/address_file.h"
#include "daemon/flags/values.h"
#include "daemon/host_name.h"
#include "daemon/http/http_server.h"
#include "rpc/grpc_log.h"
#include "server/announce/announcer.h"
#include "server/info_page.h"
#include "server/queue/broker.h"
#include "server/rpc/rpc_server.h"
#include "server/storage/data_directory.h"
#include "server/storage/disk_floor.h"
#include "server/storage/rocks_message_store.h"
#include "sluice/v1/lookup.pb.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

// How often a drain looks whether leases are left.
constexpr absl::Duration kDrainPollInterval = absl::Milliseconds(10);

Names NamesOf(Broker& broker) {
  Names names;
  for (const TopicInfo& topic : broker.ListTopics()) {
    names.push_back({topic.name, ""});
    const auto channels = broker.ListChannels(topic.name);
    if (!channels.ok()) continue;  // deleted meanwhile
    for (const ChannelInfo& channel : *channels) {
      names.push_back({topic.name, channel.name});
    }
  }
  return names;
}

BrokerOptions MakeBrokerOptions(const Options& options, DiskFloor& floor) {
  BrokerOptions broker;
  broker.limits = options.limits;
  broker.write_rules = options.write_rules;
  broker.sync_interval = options.sync_interval;
  broker.auto_create = options.auto_create;
  broker.memory_limit_bytes = options.memory_limit_bytes;
  broker.admit_publish = [&floor] { return floor.Admit(); };
  return broker;
}

struct Recovered {
  size_t topics = 0;
  uint64_t messages = 0;
};

Recovered CountRecovered(Broker& broker) {
  Recovered recovered;
  const auto stats = broker.GetStats("", "", /*include_subscribers=*/false);
  if (!stats.ok()) return recovered;
  recovered.topics = stats->size();
  for (const TopicStats& topic : *stats) {
    recovered.messages += topic.memory_depth + topic.backlog_depth;
  }
  return recovered;
}

}  // namespace

// In the order of construction; destroyed from the last to the first.
struct Server::Parts {
  Parts(const Options& node_options, Clock& node_clock)
      : options(node_options),
        clock(node_clock),
        start_time(node_clock.WallNow()) {}
  ~Parts() {
    ListenToHealth(nullptr);
    rpc.reset();
    if (announcer != nullptr) announcer->Stop();
  }

  absl::Status OpenData();
  absl::Status StartHttp();
  absl::Status StartRpc();
  void StartAnnouncing();
  InfoPage Info() const;
  absl::Status WriteAddresses();
  void LogStart();

  HostPort GrpcAddress() const {
    return {options.grpc_address.host, static_cast<uint16_t>(rpc->port())};
  }
  HostPort HttpAddress() const {
    return {options.http_address.host, http->port()};
  }
  // Whether the node does its work, and whether it takes more.
  absl::Status Health();
  absl::Status Readiness();
  // The store has closed or opened itself, on any thread.
  void OnHealthChanged() ABSL_LOCKS_EXCLUDED(listener_mu);
  // Who is told of it from now on; null: nobody.
  void ListenToHealth(RpcServer* listener) ABSL_LOCKS_EXCLUDED(listener_mu);
  // Until no lease is left or the drain timeout is over.
  void WaitForLeases();

  const Options options;
  Clock& clock;
  const absl::Time start_time;
  absl::Duration recovery_time;

  // The store outlives the RPC server, and is there before.
  absl::Mutex listener_mu;
  RpcServer* health_listener ABSL_GUARDED_BY(listener_mu) = nullptr;

  std::unique_ptr<DataDirectory> directory;
  std::unique_ptr<DiskFloor> floor;
  std::unique_ptr<MessageStore> store;
  // Null without lookup servers. The broker and calls turn to it, so it
  // outlives them; it turns to the broker, so it is stopped before that goes.
  std::unique_ptr<Announcer> announcer;
  std::unique_ptr<Broker> broker;
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<RpcServer> rpc;
};

absl::Status Server::Parts::OpenData() {
  const SteadyTime begin = clock.SteadyNow();
  SLUICE_ASSIGN_OR_RETURN(
      directory, DataDirectory::Open(options.data_path, options.node_id));
  // What an earlier process left must not be taken for ours. Not before the
  // directory is ours: until then it may be that of a living one.
  if (!options.address_file.empty()) std::remove(options.address_file.c_str());
  floor = std::make_unique<DiskFloor>(options.data_path,
                                      options.disk_floor_bytes, clock);
  RocksStoreOptions store_options;
  store_options.path = directory->log_path();
  store_options.logger = spdlog::default_logger();
  store_options.health_changed = [this] { OnHealthChanged(); };
  // Below the floor, too: what is consumed then makes the room that publishes
  // wait for.
  store_options.has_room = [this] { return floor->HasRoomToOpen(); };
  SLUICE_ASSIGN_OR_RETURN(store, OpenRocksMessageStore(store_options));
  BrokerOptions broker_options = MakeBrokerOptions(options, *floor);
  if (!options.lookup_addresses.empty()) {
    Announcer::Options announce;
    for (const HostPort& lookup : options.lookup_addresses) {
      announce.lookups.push_back(lookup.ToString());
    }
    announcer = std::make_unique<Announcer>(
        std::move(announce), [this] { return NamesOf(*broker); });
    broker_options.names_changed = [this] { announcer->OnNamesChanged(); };
  }
  SLUICE_ASSIGN_OR_RETURN(
      broker, Broker::Open(std::move(broker_options), *store, clock));
  recovery_time = clock.SteadyNow() - begin;
  return absl::OkStatus();
}

absl::Status Server::Parts::StartHttp() {
  SLUICE_ASSIGN_OR_RETURN(http, HttpServer::Listen(options.http_address.host,
                                                   options.http_address.port));
  return absl::OkStatus();
}

absl::Status Server::Parts::StartRpc() {
  RpcServerOptions rpc_options;
  rpc_options.address = options.grpc_address.ToString();
  rpc_options.limits = options.limits;
  rpc_options.heartbeat_interval = options.heartbeat_interval;
  rpc_options.heartbeat_timeout = options.heartbeat_timeout;
  rpc_options.identity.node_id = directory->node_id();
  rpc_options.identity.version = kVersion;
  rpc_options.identity.broadcast_address = options.broadcast_address;
  rpc_options.identity.http_port = http->port();
  rpc_options.identity.start_time = start_time;
  if (announcer != nullptr) {
    rpc_options.find_channels = [this](const std::string& topic, auto done) {
      announcer->FindChannels(topic, std::move(done));
    };
    rpc_options.on_drain = [this] { announcer->Withdraw(); };
  }
  auto started = RpcServer::Start(rpc_options, *broker, clock);
  if (!started.ok()) {
    return absl::UnavailableError(
        absl::StrCat(started.status().message(),
                     "; stop what uses it or choose another --grpc-address"));
  }
  rpc = *std::move(started);
  ListenToHealth(rpc.get());
  return absl::OkStatus();
}

void Server::Parts::StartAnnouncing() {
  if (announcer == nullptr) return;
  const auto port = [](uint32_t broadcast, uint32_t own) {
    return broadcast != 0 ? broadcast : own;
  };
  v1::NodeInfo node;
  node.set_node_id(directory->node_id());
  node.set_hostname(HostName());
  node.set_broadcast_address(options.broadcast_address);
  node.set_grpc_port(
      port(options.broadcast_grpc_port, static_cast<uint32_t>(rpc->port())));
  node.set_http_port(port(options.broadcast_http_port, http->port()));
  node.set_version(kVersion);
  announcer->Start(node);
}

InfoPage Server::Parts::Info() const {
  InfoPage info;
  info.version = kVersion;
  info.node_id = directory->node_id();
  info.broadcast_address = options.broadcast_address;
  info.grpc_port = static_cast<uint32_t>(rpc->port());
  info.http_port = http->port();
  info.start_time = start_time;
  if (announcer != nullptr) info.lookups = announcer->States();
  return info;
}

absl::Status Server::Parts::WriteAddresses() {
  if (options.address_file.empty()) return absl::OkStatus();
  return WriteAddressFile(options.address_file, GrpcAddress().Reachable(),
                          HttpAddress().Reachable());
}

void Server::Parts::LogStart() {
  const Recovered recovered = CountRecovered(*broker);
  spdlog::info(
      "sluiced {} serves gRPC on {} and HTTP on {}; data in {}, durability {}, "
      "memory limit {}; recovered {} topics and {} messages in {}",
      kVersion, GrpcAddress().ToString(), HttpAddress().ToString(),
      options.data_path,
      std::string(DurabilityName(options.write_rules.durability)),
      FormatSize(options.memory_limit_bytes), recovered.topics,
      recovered.messages,
      absl::FormatDuration(absl::Trunc(recovery_time, absl::Milliseconds(1))));
  if (options.write_rules.durability == Durability::kMemory &&
      options.write_rules.mem_queue_size == 0) {
    spdlog::warn(
        "--durability=memory without --mem-queue-size acts as os: "
        "there is no memory queue to keep messages in");
  }
}

absl::Status Server::Parts::Health() {
  const absl::Status listener = ListenerHealth();
  return listener.ok() ? broker->health() : listener;
}

void Server::Parts::OnHealthChanged() {
  absl::MutexLock lock(&listener_mu);
  if (health_listener != nullptr) health_listener->HealthChanged();
}

void Server::Parts::ListenToHealth(RpcServer* listener) {
  absl::MutexLock lock(&listener_mu);
  health_listener = listener;
  // What changed before nobody was told.
  if (listener != nullptr) listener->HealthChanged();
}

absl::Status Server::Parts::Readiness() {
  if (rpc->draining()) return absl::UnavailableError("the node is draining");
  return Health();
}

void Server::Parts::WaitForLeases() {
  const SteadyTime deadline = clock.SteadyNow() + options.drain_timeout;
  while (broker->in_flight() > 0) {
    if (deadline <= clock.SteadyNow()) {
      spdlog::warn(
          "{} messages are still held by subscribers after {}; they "
          "will be delivered again",
          broker->in_flight(), FormatDurationValue(options.drain_timeout));
      return;
    }
    absl::SleepFor(kDrainPollInterval);
  }
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() = default;

absl::StatusOr<std::unique_ptr<Server>> Server::Create(const Options& options,
                                                       Clock& clock) {
  RouteGrpcLog();
  auto parts = std::make_unique<Parts>(options, clock);
  SLUICE_RETURN_IF_ERROR(parts->OpenData());
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

absl::Status Server::Start() {
  SLUICE_RETURN_IF_ERROR(parts_->StartHttp());
  SLUICE_RETURN_IF_ERROR(parts_->StartRpc());
  parts_->StartAnnouncing();
  parts_->http->Serve(
      [parts = parts_.get()] { return parts->Health(); },
      [parts = parts_.get()] { return parts->Readiness(); },
      [parts = parts_.get()] { return parts->Info().ToJson(); });
  parts_->LogStart();
  return parts_->WriteAddresses();
}

absl::Status Server::Stop() {
  parts_->rpc->BeginDrain();
  parts_->WaitForLeases();
  parts_->rpc->Stop();
  parts_->http->Stop();
  if (parts_->announcer != nullptr) parts_->announcer->Stop();
  const absl::Status stopped = parts_->broker->Stop();
  parts_->rpc.reset();
  parts_->http.reset();
  parts_->broker.reset();
  parts_->announcer.reset();
  parts_->store.reset();
  parts_->directory.reset();
  if (stopped.ok()) spdlog::info("stopped, everything is on disk");
  return stopped;
}

}  // namespace sluice
