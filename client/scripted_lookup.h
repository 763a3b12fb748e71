// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_SCRIPTED_LOOKUP_H_
#define SLUICE_CLIENT_SCRIPTED_LOOKUP_H_

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/server.h"

namespace sluice {

// A lookup for tests, in this process and on a free port, that names whatever
// nodes it is told to, for every topic. Thread-safe.
class ScriptedLookup {
 public:
  ScriptedLookup();
  ~ScriptedLookup();

  std::string address() const;

  // `127.0.0.1:port` each. Those who watch hear of it at once.
  void SetNodes(std::vector<std::string> addresses);

  // Answers UNAVAILABLE to everything, and ends what is being watched.
  void SetFailing(bool failing);

  // How many calls have come, of all kinds.
  int calls() const;

 private:
  class Service;

  const std::unique_ptr<Service> service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_SCRIPTED_LOOKUP_H_
