// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_SLUICE_PATH_H_
#define SLUICE_BENCH_SLUICE_PATH_H_

#include <memory>
#include <string>

#include "bench/message_path.h"

namespace sluice {

// Through a node of ours, by one PublishStream and one Subscribe call.
std::unique_ptr<MessagePath> MakeSluicePath(const std::string& address,
                                            const std::string& topic,
                                            const std::string& channel);

}  // namespace sluice

#endif  // SLUICE_BENCH_SLUICE_PATH_H_
