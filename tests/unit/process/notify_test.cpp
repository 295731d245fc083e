#include "process/notify.h"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ipc/unique_fd.h"
#include "support/temp_dir.h"

namespace veilgate::process {
namespace {

using namespace std::chrono_literals;

class NotifyTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string path = dir_ / "notify";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    fd_.reset(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
  }
  std::string received() {
    char buffer[256];
    const ssize_t size = recv(fd_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    return size < 0 ? "" : std::string(buffer, static_cast<std::size_t>(size));
  }
  test::TempDir dir_;
  ipc::UniqueFd fd_;
};

TEST_F(NotifyTest, SendsPlainDatagrams) {
  notify("READY=1");
  EXPECT_EQ(received(), "READY=1");
  notify_progress();
  EXPECT_EQ(received(), "WATCHDOG=1");
  notify_status("7/8\ncameras fresh");
  EXPECT_EQ(received(), "STATUS=7/8 cameras fresh");
}

TEST_F(NotifyTest, IsSilentWithoutASocket) {
  unsetenv("NOTIFY_SOCKET");
  notify("READY=1");
  EXPECT_EQ(received(), "");
}

TEST_F(NotifyTest, FeedsTwicePerWatchdogPeriodAndOnlyWhenMeant) {
  EXPECT_FALSE(watchdog_period());
  setenv("WATCHDOG_USEC", "30000000", 1);
  EXPECT_EQ(watchdog_period(), 15000ms);
  setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(watchdog_period());
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_EQ(watchdog_period(), 15000ms);
}

}  // namespace
}  // namespace veilgate::process
