// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_HTTP_TARGET_H_
#define SLUICE_CLI_HTTP_TARGET_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sluice {

// A URL that messages are sent to. A value type.
class HttpTarget {
 public:
  // `http://host[:port][/path][?query]`, or https. INVALID_ARGUMENT otherwise.
  static absl::StatusOr<HttpTarget> Parse(absl::string_view url);

  // Scheme, host and port: what connections are made to.
  const std::string& origin() const { return origin_; }

  // Path and query. Each `%s` becomes the body, escaped so that it is one part
  // of a URL; for GET.
  std::string PathFor(absl::string_view body) const;
  bool takes_body() const;  // whether there is a `%s`

  // Path and query as they are; for POST.
  const std::string& path() const { return path_; }

 private:
  HttpTarget(std::string origin, std::string path)
      : origin_(std::move(origin)), path_(std::move(path)) {}

  std::string origin_;
  std::string path_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_HTTP_TARGET_H_
