// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/lease_table.h"

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SteadyTime At(int64_t seconds) {
  return SteadyTime::FromNanos(seconds * 1'000'000'000);
}

std::vector<Lease> Leases(Sequence first, uint32_t count) {
  std::vector<Lease> leases;
  for (uint32_t i = 0; i < count; ++i) leases.push_back({first + i, 1, 10});
  return leases;
}

std::vector<Sequence> ExpireAt(LeaseTable& table, SteadyTime now) {
  std::vector<Sequence> expired;
  table.Expire(now, [&](LeaseHolder*, const Lease& lease) {
    expired.push_back(lease.sequence);
  });
  return expired;
}

TEST(LeaseTable, GivesRunningIdsFromTheFirst) {
  LeaseTable table(100);
  LeaseHolder holder;
  EXPECT_EQ(table.Grant(&holder, Leases(1, 3), At(0), At(60)), 100u);
  EXPECT_EQ(table.Grant(&holder, Leases(4, 1), At(0), At(60)), 103u);
  EXPECT_EQ(table.size(), 4u);
}

TEST(LeaseTable, EndsALeaseOnce) {
  LeaseTable table(1);
  LeaseHolder holder;
  table.Grant(&holder, Leases(7, 2), At(0), At(60));
  EXPECT_EQ(table.End(&holder, 2)->sequence, 8u);
  EXPECT_FALSE(table.End(&holder, 2).has_value());
  EXPECT_FALSE(table.End(&holder, 0).has_value());
  EXPECT_FALSE(table.End(&holder, 3).has_value());
  EXPECT_EQ(table.size(), 1u);
}

TEST(LeaseTable, OnlyTheHolderEndsOrTouches) {
  LeaseTable table(1);
  LeaseHolder holder;
  LeaseHolder other;
  table.Grant(&holder, Leases(1, 1), At(0), At(60));
  EXPECT_FALSE(table.End(&other, 1).has_value());
  EXPECT_FALSE(
      table.Touch(&other, 1, At(1), absl::Seconds(60), absl::Hours(1)));
  EXPECT_EQ(holder.leased, 1u);
}

TEST(LeaseTable, KeepsTheHoldersCounts) {
  LeaseTable table(1);
  LeaseHolder holder;
  table.Grant(&holder, Leases(1, 3), At(0), At(60));
  EXPECT_EQ(holder.leased, 3u);
  EXPECT_EQ(holder.leased_bytes, 30u);
  table.End(&holder, 1);
  EXPECT_EQ(holder.leased, 2u);
  EXPECT_EQ(holder.leased_bytes, 20u);
  table.Clear();
  EXPECT_EQ(holder.leased, 0u);
  EXPECT_EQ(holder.leased_bytes, 0u);
  EXPECT_EQ(table.NextDeadline(), SteadyTime::InfiniteFuture());
}

TEST(LeaseTable, ExpiresAtTheDeadlineAndNotBefore) {
  LeaseTable table(1);
  LeaseHolder holder;
  table.Grant(&holder, Leases(1, 2), At(0), At(60));
  EXPECT_EQ(table.NextDeadline(), At(60));
  EXPECT_THAT(ExpireAt(table, At(60) + absl::Nanoseconds(-1)), IsEmpty());
  EXPECT_THAT(ExpireAt(table, At(60)), ElementsAre(1, 2));
  EXPECT_EQ(table.NextDeadline(), SteadyTime::InfiniteFuture());
}

TEST(LeaseTable, ExpiresInTheOrderOfDeadlines) {
  LeaseTable table(1);
  LeaseHolder holder;
  table.Grant(&holder, Leases(1, 1), At(0), At(30));
  table.Grant(&holder, Leases(2, 1), At(0), At(10));
  table.Grant(&holder, Leases(3, 1), At(0), At(20));
  EXPECT_EQ(table.NextDeadline(), At(10));
  EXPECT_THAT(ExpireAt(table, At(30)), ElementsAre(2, 3, 1));
}

TEST(LeaseTable, TouchMovesOneLeaseOfAGrant) {
  LeaseTable table(1);
  LeaseHolder holder;
  table.Grant(&holder, Leases(1, 3), At(0), At(60));
  EXPECT_TRUE(
      table.Touch(&holder, 2, At(50), absl::Seconds(60), absl::Hours(1)));
  EXPECT_THAT(ExpireAt(table, At(60)), ElementsAre(1, 3));
  EXPECT_EQ(table.NextDeadline(), At(110));
  EXPECT_TRUE(
      table.Touch(&holder, 2, At(70), absl::Seconds(60), absl::Hours(1)));
  EXPECT_THAT(ExpireAt(table, At(110)), IsEmpty());
  EXPECT_THAT(ExpireAt(table, At(130)), ElementsAre(2));
  EXPECT_EQ(table.size(), 0u);
}

TEST(LeaseTable, TouchGoesNoFurtherThanTheLongestTimeout) {
  LeaseTable table(1);
  LeaseHolder holder;
  table.Grant(&holder, Leases(1, 1), At(0), At(60));
  table.Touch(&holder, 1, At(50), absl::Seconds(60), absl::Seconds(80));
  EXPECT_THAT(ExpireAt(table, At(79)), IsEmpty());
  EXPECT_THAT(ExpireAt(table, At(80)), ElementsAre(1));
}

TEST(LeaseTable, TouchToTheSameDeadlineChangesNothing) {
  LeaseTable table(1);
  LeaseHolder holder;
  table.Grant(&holder, Leases(1, 2), At(0), At(60));
  // Longest and first timeout are the same: there is nothing to gain.
  EXPECT_TRUE(
      table.Touch(&holder, 1, At(50), absl::Seconds(60), absl::Seconds(60)));
  EXPECT_THAT(ExpireAt(table, At(60)), ElementsAre(1, 2));
}

TEST(LeaseTable, TouchBackToTheGrantsDeadlineDropsTheOwnOne) {
  LeaseTable table(1);
  LeaseHolder holder;
  table.Grant(&holder, Leases(1, 1), At(0), At(60));
  table.Touch(&holder, 1, At(50), absl::Seconds(60), absl::Hours(1));
  table.Touch(&holder, 1, At(50), absl::Seconds(10), absl::Hours(1));
  EXPECT_THAT(ExpireAt(table, At(60)), ElementsAre(1));
  EXPECT_EQ(table.NextDeadline(), SteadyTime::InfiniteFuture());
}

TEST(LeaseTable, EndingATouchedLeaseForgetsItsDeadline) {
  LeaseTable table(1);
  LeaseHolder holder;
  table.Grant(&holder, Leases(1, 1), At(0), At(60));
  table.Touch(&holder, 1, At(50), absl::Seconds(60), absl::Hours(1));
  table.End(&holder, 1);
  EXPECT_EQ(table.NextDeadline(), SteadyTime::InfiniteFuture());
}

TEST(LeaseTable, ReleasesOneHoldersLeasesInOrderOfDelivery) {
  LeaseTable table(1);
  LeaseHolder one;
  LeaseHolder two;
  table.Grant(&one, Leases(5, 2), At(0), At(60));
  table.Grant(&two, Leases(7, 1), At(0), At(60));
  table.Grant(&one, Leases(1, 1), At(0), At(10));
  table.End(&one, 1);
  std::vector<Lease> released;
  table.Release(&one, &released);
  ASSERT_EQ(released.size(), 2u);
  EXPECT_EQ(released[0].sequence, 6u);
  EXPECT_EQ(released[1].sequence, 1u);
  EXPECT_EQ(one.leased, 0u);
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.NextDeadline(), At(60));
}

TEST(LeaseTable, TheLastLeasesOfALargeGrantStayWhatTheyWere) {
  LeaseTable table(1);
  LeaseHolder holder;
  table.Grant(&holder, Leases(1, 1000), At(0), At(60));
  table.Touch(&holder, 501, At(10), absl::Seconds(60), absl::Hours(1));
  for (DeliveryId id = 1; id <= 1000; ++id) {
    if (id != 1 && id != 500 && id != 501 && id != 1000) {
      ASSERT_EQ(table.End(&holder, id)->sequence, id);
    }
  }
  EXPECT_EQ(holder.leased, 4u);
  std::vector<Sequence> left;
  table.ForEach([&](const Lease& lease) { left.push_back(lease.sequence); });
  EXPECT_THAT(left, ElementsAre(1, 500, 501, 1000));
  EXPECT_FALSE(table.End(&holder, 2).has_value());
  EXPECT_EQ(table.End(&holder, 500)->sequence, 500u);
  EXPECT_THAT(ExpireAt(table, At(60)), ElementsAre(1, 1000));
  EXPECT_THAT(ExpireAt(table, At(70)), ElementsAre(501));
  EXPECT_EQ(table.NextDeadline(), SteadyTime::InfiniteFuture());
}

// The same table as a plain map, one entry a lease.
class Model {
 public:
  struct Entry {
    LeaseHolder* holder;
    Sequence sequence;
    int64_t delivered;
    int64_t deadline;
  };

  Entry* Find(const LeaseHolder* holder, DeliveryId id) {
    const auto it = entries.find(id);
    return it == entries.end() || it->second.holder != holder ? nullptr
                                                              : &it->second;
  }
  template <typename Wanted>
  std::vector<Sequence> Remove(Wanted wanted) {
    std::vector<Sequence> removed;
    for (auto it = entries.begin(); it != entries.end();) {
      if (wanted(it->second)) {
        removed.push_back(it->second.sequence);
        it = entries.erase(it);
      } else {
        ++it;
      }
    }
    return removed;
  }

  std::map<DeliveryId, Entry> entries;
};

class RandomLeases {
 public:
  explicit RandomLeases(unsigned seed) : random_(seed) {}

  void Step() {
    LeaseHolder* const holder = &holders_[random_() % 3];
    const DeliveryId id = 1 + random_() % next_id_;
    switch (random_() % 8) {
      case 0:
        Grant(holder);
        break;
      case 1:
        Touch(holder, id);
        break;
      case 2:
        now_ += random_() % 20;
        Expire();
        break;
      case 3:
        if (random_() % 40 == 0) Release(holder);
        break;
      default:
        for (DeliveryId each = id; each < id + 30; ++each) End(holder, each);
    }
    Compare();
  }

 private:
  void Grant(LeaseHolder* holder) {
    const auto count = static_cast<uint32_t>(1 + random_() % 150);
    const int64_t deadline = now_ + 1 + random_() % 60;
    const DeliveryId first =
        table_.Grant(holder, Leases(next_id_, count), At(now_), At(deadline));
    ASSERT_EQ(first, next_id_);
    for (uint32_t i = 0; i < count; ++i) {
      model_.entries[next_id_ + i] = {holder, next_id_ + i, now_, deadline};
    }
    next_id_ += count;
  }
  void Touch(LeaseHolder* holder, DeliveryId id) {
    const int64_t timeout = 1 + random_() % 60;
    Model::Entry* const entry = model_.Find(holder, id);
    ASSERT_EQ(table_.Touch(holder, id, At(now_), absl::Seconds(timeout),
                           absl::Seconds(90)),
              entry != nullptr);
    if (entry != nullptr) {
      entry->deadline = std::min(now_ + timeout, entry->delivered + 90);
    }
  }
  void Expire() {
    std::vector<Sequence> expired = ExpireAt(table_, At(now_));
    std::sort(expired.begin(), expired.end());
    ASSERT_EQ(expired, model_.Remove([this](const Model::Entry& entry) {
      return entry.deadline <= now_;
    }));
  }
  void Release(LeaseHolder* holder) {
    std::vector<Lease> leases;
    table_.Release(holder, &leases);
    std::vector<Sequence> released;
    for (const Lease& lease : leases) released.push_back(lease.sequence);
    ASSERT_EQ(released, model_.Remove([holder](const Model::Entry& entry) {
      return entry.holder == holder;
    }));
  }
  void End(LeaseHolder* holder, DeliveryId id) {
    const auto ended = table_.End(holder, id);
    ASSERT_EQ(ended.has_value(), model_.Find(holder, id) != nullptr);
    if (ended.has_value()) model_.entries.erase(id);
  }
  void Compare() {
    ASSERT_EQ(table_.size(), model_.entries.size());
    int64_t earliest = INT64_MAX;
    std::map<const LeaseHolder*, uint64_t> leased;
    for (const auto& [id, entry] : model_.entries) {
      earliest = std::min(earliest, entry.deadline);
      ++leased[entry.holder];
    }
    for (const LeaseHolder& holder : holders_) {
      ASSERT_EQ(holder.leased, leased[&holder]);
      ASSERT_EQ(holder.leased_bytes, 10 * leased[&holder]);
    }
    if (model_.entries.empty()) {
      ASSERT_EQ(table_.NextDeadline(), SteadyTime::InfiniteFuture());
    } else {
      // Perhaps too early, never too late.
      ASSERT_LE(table_.NextDeadline(), At(earliest));
    }
  }

  std::mt19937 random_;
  LeaseTable table_{1};
  Model model_;
  LeaseHolder holders_[3];
  int64_t now_ = 0;
  DeliveryId next_id_ = 1;
};

TEST(LeaseTable, AgreesWithAMapUnderRandomOperations) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RandomLeases leases(seed);
  for (int step = 0; step < 3000 && !testing::Test::HasFatalFailure(); ++step) {
    leases.Step();
  }
}

}  // namespace
}  // namespace sluice
