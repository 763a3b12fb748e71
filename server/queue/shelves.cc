// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/shelves.h"

#include <algorithm>
#include <utility>

#include "server/storage/keys.h"

namespace sluice {
namespace {

bool IsEarlier(const std::pair<const uint64_t, CursorState::Shelf>& a,
               const std::pair<const uint64_t, CursorState::Shelf>& b) {
  return a.second.first_due < b.second.first_due;
}

}  // namespace

std::string Shelves::Key(uint64_t id) const {
  return ShelfKey(topic_, channel_, id);
}

void Shelves::Restore(const std::vector<CursorState::Shelf>& shelves) {
  for (const CursorState::Shelf& shelf : shelves) {
    shelves_.emplace(shelf.id, shelf);
    message_count_ += shelf.message_count;
    next_id_ = std::max(next_id_, shelf.id + 1);
  }
}

std::vector<CursorState::Shelf> Shelves::List() const {
  std::vector<CursorState::Shelf> list;
  list.reserve(shelves_.size());
  for (const auto& [id, shelf] : shelves_) list.push_back(shelf);
  return list;
}

void Shelves::Put(std::vector<CursorState::Unfinished> messages) {
  CursorState::Shelf shelf;
  shelf.id = next_id_++;
  shelf.message_count = messages.size();
  shelf.first_due = INT64_MAX;
  for (const CursorState::Unfinished& message : messages) {
    shelf.first_due = std::min(shelf.first_due, message.due);
    shelf.parked_bytes += message.parked_bytes;
  }
  CursorState record;
  record.cursor = messages.back().sequence + 1;
  record.unfinished = std::move(messages);
  unsaved_.emplace(shelf.id, record.Encode());
  message_count_ += shelf.message_count;
  shelves_.emplace(shelf.id, shelf);
}

int64_t Shelves::NextDue() const {
  if (taking_down_ || shelves_.empty()) return INT64_MAX;
  return std::min_element(shelves_.begin(), shelves_.end(), IsEarlier)
      ->second.first_due;
}

Shelves::Reading Shelves::Begin() {
  taking_down_ = true;
  const uint64_t id =
      std::min_element(shelves_.begin(), shelves_.end(), IsEarlier)->first;
  Reading reading{id, Key(id), absl::nullopt};
  for (const auto* records : {&unsaved_, &writing_}) {
    const auto record = records->find(id);
    if (record != records->end()) reading.record = record->second;
  }
  return reading;
}

bool Shelves::End(uint64_t id) {
  const auto shelf = shelves_.find(id);
  if (shelf == shelves_.end()) return false;
  taking_down_ = false;
  message_count_ -= shelf->second.message_count;
  shelves_.erase(shelf);
  if (unsaved_.erase(id) == 0) to_erase_.push_back(id);
  return true;
}

void Shelves::Save(std::vector<StateWrite>* writes) {
  for (const uint64_t id : to_erase_) {
    writes->push_back({StateFamily::kParked, Key(id), absl::nullopt});
  }
  erasing_.insert(erasing_.end(), to_erase_.begin(), to_erase_.end());
  to_erase_.clear();
  for (auto& [id, record] : unsaved_) {
    writes->push_back({StateFamily::kParked, Key(id), record});
    writing_.emplace(id, std::move(record));
  }
  unsaved_.clear();
}

void Shelves::Saved() {
  writing_.clear();
  erasing_.clear();
}

void Shelves::NotSaved() {
  for (auto& [id, record] : writing_) {
    if (shelves_.contains(id)) unsaved_.emplace(id, std::move(record));
  }
  writing_.clear();
  to_erase_.insert(to_erase_.end(), erasing_.begin(), erasing_.end());
  erasing_.clear();
}

void Shelves::Clear() {
  shelves_.clear();
  message_count_ = 0;
  taking_down_ = false;
  unsaved_.clear();
  writing_.clear();
  to_erase_.clear();
  erasing_.clear();
}

}  // namespace sluice
