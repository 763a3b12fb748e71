// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/notify/notify.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>

namespace sluice {
namespace {

// What systemd listens on.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path)
      : descriptor_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    unlink(path.c_str());
    bound_ = bind(descriptor_, reinterpret_cast<sockaddr*>(&address),
                  sizeof(address)) == 0;
  }
  ~NotifySocket() { close(descriptor_); }

  bool bound() const { return bound_; }
  std::string Receive() {
    char buffer[256];
    const ssize_t size =
        recv(descriptor_, buffer, sizeof(buffer), MSG_DONTWAIT);
    return size > 0 ? std::string(buffer, static_cast<size_t>(size)) : "";
  }

 private:
  const int descriptor_;
  bool bound_ = false;
};

TEST(Notify, TellsSystemdReadyAndStopping) {
  const std::string path = "/tmp/sluice_notify." + std::to_string(getpid());
  NotifySocket manager(path);
  ASSERT_TRUE(manager.bound());
  setenv("NOTIFY_SOCKET", path.c_str(), 1);
  NotifyReady();
  EXPECT_EQ(manager.Receive(), "READY=1");
  NotifyStopping();
  EXPECT_EQ(manager.Receive(), "STOPPING=1");
  unsetenv("NOTIFY_SOCKET");
  unlink(path.c_str());
}

TEST(Notify, DoesNothingWithoutSystemd) {
  unsetenv("NOTIFY_SOCKET");
  NotifyReady();
  NotifyStopping();
}

}  // namespace
}  // namespace sluice
