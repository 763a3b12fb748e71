// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_LOOKUP_PROCESS_H_
#define SLUICE_TESTS_LOOKUP_PROCESS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/node_process.h"

namespace sluice {

// A real `sluice-lookupd` in a process of its own, on free ports. Like a node,
// it can be killed and started again; KeepPorts() before that lets the nodes
// find it.
class LookupProcess : public NodeProcess {
 public:
  explicit LookupProcess(std::vector<std::string> flags = {})
      : NodeProcess("lookup/sluice-lookupd", /*has_data=*/false, flags),
        lookup_flags_(std::move(flags)) {}

  // The next start takes the ports of this one.
  void KeepPorts() {
    std::vector<std::string> flags = lookup_flags_;
    flags.push_back(absl::StrCat("--grpc-address=", grpc_address()));
    flags.push_back(absl::StrCat("--http-address=", http_address()));
    set_flags(std::move(flags));
  }

 private:
  const std::vector<std::string> lookup_flags_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_LOOKUP_PROCESS_H_
