// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/lookup_server.h"

#include <cstdio>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/version.h"
#include "daemon/address_file.h"
#include "daemon/flags/values.h"
#include "lookup/http_pages.h"
#include "rpc/grpc_log.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

LookupRegistry::Options RegistryOptions(const LookupOptions& options) {
  LookupRegistry::Options registry;
  registry.inactive_timeout = options.inactive_producer_timeout;
  registry.tombstone_lifetime = options.tombstone_lifetime;
  return registry;
}

}  // namespace

LookupServer::LookupServer(const LookupOptions& options, Clock& clock)
    : options_(options),
      clock_(clock),
      start_time_(clock.WallNow()),
      registry_(RegistryOptions(options), clock),
      expiry_(registry_, clock) {}

LookupServer::~LookupServer() { Stop(); }

absl::Status LookupServer::Start() {
  RouteGrpcLog();
  // What an earlier process left must not be taken for ours.
  if (!options_.address_file.empty()) {
    std::remove(options_.address_file.c_str());
  }
  SLUICE_ASSIGN_OR_RETURN(http_,
                          HttpServer::Listen(options_.http_address.host,
                                             options_.http_address.port));
  SLUICE_RETURN_IF_ERROR(StartRpc());
  ServeHttp();
  spdlog::info(
      "sluice-lookupd {} serves gRPC on {}:{} and HTTP on {}:{}; nodes ping "
      "every {} and are hidden after {}",
      kVersion, options_.grpc_address.host, rpc_->port(),
      options_.http_address.host, http_->port(),
      FormatDurationValue(options_.ping_interval),
      FormatDurationValue(options_.inactive_producer_timeout));
  return WriteAddresses();
}

absl::Status LookupServer::StartRpc() {
  auto started =
      LookupRpcServer::Start(options_.grpc_address.ToString(),
                             options_.ping_interval, registry_, expiry_);
  if (!started.ok()) {
    return absl::UnavailableError(
        absl::StrCat(started.status().message(),
                     "; stop what uses it or choose another --grpc-address"));
  }
  rpc_ = *std::move(started);
  return absl::OkStatus();
}

void LookupServer::ServeHttp() {
  AddLookupPages(registry_, http_.get());
  LookupInfo info;
  info.version = kVersion;
  info.grpc_port = static_cast<uint32_t>(rpc_->port());
  info.http_port = http_->port();
  info.start_time = start_time_;
  http_->Serve(
      &ListenerHealth,
      [rpc = rpc_.get()] {
        return rpc->draining()
                   ? absl::UnavailableError("the server is stopping")
                   : ListenerHealth();
      },
      [info] { return info.ToJson(); });
}

absl::Status LookupServer::WriteAddresses() const {
  if (options_.address_file.empty()) return absl::OkStatus();
  const HostPort grpc{options_.grpc_address.host,
                      static_cast<uint16_t>(rpc_->port())};
  const HostPort http{options_.http_address.host, http_->port()};
  return WriteAddressFile(options_.address_file, grpc.Reachable(),
                          http.Reachable());
}

void LookupServer::Stop() {
  if (rpc_ == nullptr) return;
  const LookupRegistry::Counts counts = registry_.GetCounts();
  rpc_->Stop();
  http_->Stop();
  rpc_.reset();
  http_.reset();
  spdlog::info("stopped; {} nodes and {} watchers were connected", counts.nodes,
               counts.watchers);
}

}  // namespace sluice
