// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_PUBLISHER_SERVICE_H_
#define SLUICE_SERVER_RPC_PUBLISHER_SERVICE_H_

#include "sluice/v1/publisher.grpc.pb.h"

namespace sluice {

// PublisherService as it is registered: Publish with messages, PublishStream
// with the bytes of frames, which its streams parse themselves (see
// publish_stream_request.h).
using PublisherService = v1::PublisherService::WithAsyncMethod_Publish<
    v1::PublisherService::WithRawMethod_PublishStream<
        v1::PublisherService::Service>>;

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_PUBLISHER_SERVICE_H_
