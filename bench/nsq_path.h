// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_NSQ_PATH_H_
#define SLUICE_BENCH_NSQ_PATH_H_

#include <memory>
#include <string>

#include "bench/message_path.h"

namespace sluice {

// Through an nsqd, by one connection that publishes and one that subscribes.
//
// nsqd keeps deliveries back for up to 250 ms, to send several at once, unless
// a client asks for none of that; `buffered` leaves it so.
std::unique_ptr<MessagePath> MakeNsqPath(const std::string& address,
                                         const std::string& topic,
                                         const std::string& channel,
                                         bool buffered);

}  // namespace sluice

#endif  // SLUICE_BENCH_NSQ_PATH_H_
