// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_PUBLICATION_H_
#define SLUICE_CLIENT_PUBLICATION_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace sluice {

// The attribute that carries an id which is the same in every copy of a
// message: on two nodes because it was published redundantly, or because a
// publish was tried again elsewhere. ConsumerOptions::dedup_window drops the
// second by it.
constexpr char kDedupIdAttribute[] = "sluice-dedup-id";

// How safe a message must be before its publish is answered; the stronger of
// this and the topic's own level applies.
enum class PublishDurability {
  kTopicDefault,
  kMemory,  // in the node's memory
  kOs,      // written: survives the process, not the machine
  kDisk,    // fsynced: survives a power failure
};

// A message to publish. A value type.
struct OutgoingMessage {
  // 0 bytes to the node's limit (1 MiB).
  std::string body;
  // At most 64, 16 KiB of keys and values in all, kDedupIdAttribute included.
  std::map<std::string, std::string> attributes;
  // Delivered no earlier than publish time plus this. 0 s to 365 days.
  absl::Duration delay;
};

// Messages that are published all or none, in this order, with nothing added.
struct OutgoingBatch {
  std::string topic;
  std::vector<OutgoingMessage> messages;  // at least 1, 5 MiB of bodies
  // At most 64 bytes. The same id on the same topic of the same node, within
  // the node's window (5 minutes), is stored once. Empty: one is made up, which
  // protects the attempts of this one publish.
  std::string request_id;
  PublishDurability durability = PublishDurability::kTopicDefault;
};

// What became of a batch that was published.
struct PublishedBatch {
  std::string node;               // the address of the node that stored it
  uint64_t first_message_id = 0;  // message i has this + i, on that node
  uint32_t message_count = 0;
  PublishDurability durability = PublishDurability::kDisk;  // the level reached
  uint32_t copies = 1;  // nodes that had stored it when it was answered
};

// What became of a message that was published.
struct PublishedMessage {
  std::string node;
  uint64_t message_id = 0;
  PublishDurability durability = PublishDurability::kDisk;
  uint32_t copies = 1;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_PUBLICATION_H_
