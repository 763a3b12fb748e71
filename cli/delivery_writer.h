// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_DELIVERY_WRITER_H_
#define SLUICE_CLI_DELIVERY_WRITER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/output_format.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {

// Writes deliveries to a file descriptor: bodies with a delimiter behind each,
// or one JSON object per line. Many at once go out in one write. One thread
// only; does not own the descriptor.
class DeliveryWriter {
 public:
  // `format` is kRaw or kJsonl; `delimiter` concerns kRaw.
  DeliveryWriter(int fd, OutputFormat format, std::string delimiter);

  // Writes the first `count` deliveries and returns when the system has them.
  // Less than `count` is returned when that fails: so many were written whole.
  // After a failure status() holds, and nothing more is written.
  //
  // `nodes`, unless it is empty, has the address of each delivery's node, with
  // which its JSON object then begins, as field "node".
  int Write(const v1::Deliveries& deliveries, int count,
            const std::vector<std::string>& nodes = {});

  // OK, or why writing failed.
  const absl::Status& status() const { return status_; }

  // Writing failed because the reader went away: nothing to complain about.
  bool reader_gone() const { return reader_gone_; }

 private:
  // Null: it does not matter which node.
  void Append(const v1::Delivery& delivery, const std::string* node);

  const int fd_;
  const OutputFormat format_;
  const std::string delimiter_;

  std::string buffer_;
  std::vector<size_t> ends_;  // of each delivery in the buffer
  absl::Status status_;
  bool reader_gone_ = false;
};

}  // namespace sluice

#endif  // SLUICE_CLI_DELIVERY_WRITER_H_
