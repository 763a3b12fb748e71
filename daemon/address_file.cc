// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/address_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

absl::Status CannotWrite(const std::string& path) {
  return absl::UnavailableError(absl::StrCat("cannot write the address file ",
                                             path, ": ", std::strerror(errno)));
}

}  // namespace

absl::Status WriteAddressFile(const std::string& path, const HostPort& grpc,
                              const HostPort& http) {
  const std::string temporary = path + ".new";
  std::ofstream file(temporary, std::ios::trunc);
  file << nlohmann::json{{"grpc", grpc.ToString()}, {"http", http.ToString()}}
       << '\n';
  file.close();
  if (!file) return CannotWrite(temporary);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    return CannotWrite(path);
  }
  return absl::OkStatus();
}

}  // namespace sluice
