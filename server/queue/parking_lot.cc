// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/parking_lot.h"

#include <algorithm>
#include <utility>

#include "server/queue/parked_record.h"
#include "server/storage/keys.h"

namespace sluice {

void ParkingLot::Begin(const std::vector<Sequence>& sequences) {
  wanted_.insert(sequences.begin(), sequences.end());
  reading_ = true;
  for (const Sequence sequence : sequences) {
    newest_ = std::max(newest_, sequence);
  }
}

void ParkingLot::Arrive(const std::vector<RecordBlockPtr>& copies) {
  reading_ = false;
  for (const RecordBlockPtr& copy : copies) {
    const Sequence sequence = copy->first_sequence();
    if (wanted_.contains(sequence)) waiting_.emplace(sequence, copy);
  }
  wanted_.clear();
}

void ParkingLot::Restore(Sequence sequence, uint32_t bytes) {
  parked_.emplace(sequence, bytes);
  newest_ = std::max(newest_, sequence);
  bytes_ += bytes;
}

void ParkingLot::Save(std::vector<StateWrite>* writes) {
  if (erase_all_) {
    writes->push_back({StateFamily::kParked, ParkedKeyPrefix(topic_, channel_),
                       absl::nullopt, ParkedKeyEnd(topic_, channel_)});
    erasing_all_ = true;
    erase_all_ = false;
  }
  for (const Sequence sequence : to_erase_) {
    writes->push_back({StateFamily::kParked,
                       ParkedKey(topic_, channel_, sequence), absl::nullopt});
  }
  erasing_.insert(erasing_.end(), to_erase_.begin(), to_erase_.end());
  to_erase_.clear();
  for (auto& [sequence, copy] : waiting_) {
    writes->push_back({StateFamily::kParked,
                       ParkedKey(topic_, channel_, sequence),
                       EncodeParked(*copy)});
    writing_.emplace(sequence, std::move(copy));
  }
  waiting_.clear();
}

bool ParkingLot::IsSaved(Sequence sequence, uint32_t* bytes) const {
  const auto parked = parked_.find(sequence);
  if (parked != parked_.end()) {
    *bytes = parked->second;
    return true;
  }
  const auto written = writing_.find(sequence);
  if (written == writing_.end()) return false;
  *bytes = static_cast<uint32_t>(written->second->size());
  return true;
}

std::vector<Sequence> ParkingLot::Saved() {
  std::vector<Sequence> sequences;
  for (const auto& [sequence, copy] : writing_) {
    Restore(sequence, static_cast<uint32_t>(copy->size()));
    sequences.push_back(sequence);
  }
  writing_.clear();
  erasing_.clear();
  erasing_all_ = false;
  return sequences;
}

void ParkingLot::NotSaved() {
  waiting_.merge(writing_);
  writing_.clear();
  to_erase_.insert(to_erase_.end(), erasing_.begin(), erasing_.end());
  erasing_.clear();
  erase_all_ |= std::exchange(erasing_all_, false);
}

bool ParkingLot::Knows(Sequence sequence) const {
  return parked_.contains(sequence) || wanted_.contains(sequence) ||
         waiting_.contains(sequence) || writing_.contains(sequence);
}

void ParkingLot::Finish(Sequence sequence) {
  wanted_.erase(sequence);
  waiting_.erase(sequence);
  const auto parked = parked_.find(sequence);
  if (parked != parked_.end()) {
    bytes_ -= parked->second;
    parked_.erase(parked);
  } else if (writing_.erase(sequence) == 0) {
    return;
  }
  to_erase_.push_back(sequence);
}

uint32_t ParkingLot::Shelve(Sequence sequence) {
  const auto parked = parked_.find(sequence);
  const uint32_t bytes = parked->second;
  parked_.erase(parked);
  return bytes;
}

void ParkingLot::Unshelve(Sequence sequence, uint32_t bytes) {
  parked_.emplace(sequence, bytes);
  newest_ = std::max(newest_, sequence);
}

void ParkingLot::Clear() {
  erase_all_ |= bytes_ > 0 || !parked_.empty() || !writing_.empty() ||
                !to_erase_.empty() || !erasing_.empty() || erasing_all_;
  wanted_.clear();
  waiting_.clear();
  writing_.clear();
  parked_.clear();
  to_erase_.clear();
  erasing_.clear();
  bytes_ = 0;
  newest_ = 0;
}

}  // namespace sluice
