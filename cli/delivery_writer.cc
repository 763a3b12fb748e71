// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/delivery_writer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/output.h"
#include "nlohmann/json.hpp"

namespace sluice {

DeliveryWriter::DeliveryWriter(int fd, OutputFormat format,
                               std::string delimiter)
    : fd_(fd), format_(format), delimiter_(std::move(delimiter)) {}

void DeliveryWriter::Append(const v1::Delivery& delivery,
                            const std::string* node) {
  if (format_ == OutputFormat::kJsonl) {
    const std::string object = JsonText(delivery, OutputFormat::kJsonl);
    if (node == nullptr) {
      buffer_ += object;
    } else {
      absl::StrAppend(&buffer_, "{\"node\":", nlohmann::json(*node).dump(), ",",
                      absl::string_view(object).substr(1));
    }
  } else {
    buffer_ += delivery.body();
    buffer_ += delimiter_;
  }
  ends_.push_back(buffer_.size());
}

int DeliveryWriter::Write(const v1::Deliveries& deliveries, int count,
                          const std::vector<std::string>& nodes) {
  if (!status_.ok()) return 0;
  buffer_.clear();
  ends_.clear();
  for (int i = 0; i < count; ++i) {
    Append(deliveries.deliveries(i),
           nodes.empty() ? nullptr : &nodes[static_cast<size_t>(i)]);
  }
  size_t written = 0;
  while (written < buffer_.size()) {
    const ssize_t step =
        write(fd_, buffer_.data() + written, buffer_.size() - written);
    if (step < 0) {
      if (errno == EINTR) continue;
      reader_gone_ = errno == EPIPE;
      status_ = absl::InternalError(
          absl::StrCat("cannot write the output: ", std::strerror(errno)));
      break;
    }
    written += static_cast<size_t>(step);
  }
  // Whole are those that end no later than what was written. Without a failure
  // that is all of them, also those of no bytes.
  return static_cast<int>(
      std::upper_bound(ends_.begin(), ends_.end(), written) - ends_.begin());
}

}  // namespace sluice
