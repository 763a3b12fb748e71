// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_PUBLISH_DISPATCHER_H_
#define SLUICE_CLIENT_PUBLISH_DISPATCHER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "client/client_runtime.h"
#include "client/parcel.h"
#include "client/producer_options.h"
#include "client/publication.h"
#include "client/publish_link.h"

namespace sluice {

// Brings parcels to nodes: chooses the nodes, tries again, gives up in time.
//
// Each copy of a parcel goes to a node of its own. A copy without an answer
// whose stream broke may be stored: it goes to the same node again, under the
// same request id, until the options' patience is over. A copy that surely was
// not stored goes to whatever node works.
//
// On the loop only. Destroy it there.
class PublishDispatcher final : private PublishLink::Owner {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // The parcel is decided. It stays for copies that are not required.
    virtual void OnDecided(const Parcel& parcel,
                           const absl::StatusOr<PublishedBatch>& published) = 0;
    // Nothing more happens with it.
    virtual void OnGone(std::unique_ptr<Parcel> parcel) = 0;
    // A node refused messages for good; these take the parcel's place.
    virtual void OnRefused(std::unique_ptr<Parcel> parcel,
                           const absl::Status& status) = 0;
    // Parcels wait and no node works.
    virtual void OnStuck() = 0;
  };

  struct Counts {
    uint64_t retried = 0;
    uint64_t moved = 0;
  };

  PublishDispatcher(ClientRuntime* runtime, const ProducerOptions* options,
                    Owner* owner);
  ~PublishDispatcher() override;

  // All nodes there are, in order of preference. Those in `anew` are tried at
  // once.
  void SetNodes(const std::vector<std::string>& addresses,
                const std::vector<std::string>& anew);

  void Dispatch(std::unique_ptr<Parcel> parcel);

  // Ends every parcel that is not decided with `status`.
  void CancelAll(const absl::Status& status);

  // Whether there is a stream to the node, or there may soon be.
  bool Uses(const std::string& address) const;

  size_t parcels() const { return flights_.size(); }
  const Counts& counts() const { return counts_; }

 private:
  struct Copy {
    enum class State { kWaiting, kAtLink, kStored, kFailed };
    State state = State::kWaiting;
    std::string node;  // where it is, or was stored
    uint64_t attempt = 0;
    bool tried = false;
    // Where an attempt ended without an answer, and since when.
    std::string unsure_at;
    SteadyTime unsure_since;
  };
  struct Flight {
    std::unique_ptr<Parcel> parcel;
    std::vector<Copy> copies;
    bool decided = false;
    PublishedBatch first;  // answer
    uint32_t stored = 0;
    absl::Status last_error;
  };
  using FlightId = uint64_t;
  using CopyId = std::pair<FlightId, size_t>;

  v1::PublishStreamRequest* RequestOf(uint64_t attempt) override;
  void OnLinkResult(PublishLink* link,
                    const v1::PublishResult& result) override;
  void OnLinkOpen(PublishLink*) override { SendWaiting(); }
  void OnLinkBroken(PublishLink* link, const absl::Status& status,
                    const std::vector<uint64_t>& sent,
                    const std::vector<uint64_t>& not_sent) override;

  // The copy of an attempt that is at a link, which it leaves; null when it is
  // not wanted any more.
  Copy* Leave(uint64_t attempt, FlightId* id);

  void SendCopy(CopyId copy);
  void SendWaiting();
  PublishLink* Choose(const Flight& flight, size_t index);
  PublishLink* FindLink(const std::string& address);
  void Settle(FlightId id, const absl::Status& error);
  void OnStored(FlightId id, Copy* copy, const v1::PublishResponse& response);
  void OnError(FlightId id, Copy* copy, PublishLink* link,
               const absl::Status& status);
  void Decide(Flight* flight, const absl::StatusOr<PublishedBatch>& published);
  void EndIfDone(FlightId id);
  void End(FlightId id);
  void ScheduleTick();
  void OnTick();
  // Tells the options' on_error what is news.
  void Report(const std::string& address, const absl::Status& status);
  absl::Status TimeoutError(const Flight& flight) const;

  ClientRuntime* const runtime_;
  const ProducerOptions& options_;
  const uint32_t required_copies_;
  Owner* const owner_;

  std::vector<std::string> order_;
  std::map<std::string, std::unique_ptr<PublishLink>> links_;
  // Of nodes that have stored nothing since.
  std::map<std::string, absl::Status> last_errors_;
  size_t turn_ = 0;  // for kSpread
  FlightId last_flight_ = 0;
  std::map<FlightId, Flight> flights_;  // the oldest first
  uint64_t last_attempt_ = 0;
  std::map<uint64_t, CopyId> attempts_;
  std::set<CopyId> waiting_;
  bool ticking_ = false;
  EventLoop::TimerId tick_ = 0;
  Counts counts_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_PUBLISH_DISPATCHER_H_
