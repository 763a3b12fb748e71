// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_OUTPUT_H_
#define SLUICE_CLI_OUTPUT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cli/output_format.h"

namespace google {
namespace protobuf {
class Message;
}  // namespace protobuf
}  // namespace google

namespace sluice {

// A message as JSON under the names that protobuf gives its fields, so the
// protos document the output. Fields that are zero or empty are there too.
// kJson is indented; kJsonl is one line. Both end in a line break.
std::string JsonText(const google::protobuf::Message& message,
                     OutputFormat format);

// Writes all of it to the file descriptor. INTERNAL when that fails, with the
// system's reason.
absl::Status WriteAll(int fd, absl::string_view text);

// The same to standard output.
absl::Status WriteOutput(absl::string_view text);

}  // namespace sluice

#endif  // SLUICE_CLI_OUTPUT_H_
