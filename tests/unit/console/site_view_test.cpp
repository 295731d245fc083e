#include "handlers/site_view.h"

#include <gtest/gtest.h>

#include "ipc/server.h"
#include "support/temp_dir.h"

namespace veilgate::console {
namespace {

using namespace std::chrono_literals;

TEST(SiteView, KeepsTheLastAnswerWithItsAge) {
  const test::TempDir dir;
  const auto loop = std::move(*ipc::EventLoop::create());
  const auto server = ipc::Server::create(*loop, {dir / "uplink.sock"},
                                          [](const ipc::Peer&, ipc::Message&&, const ipc::Responder& responder) {
                                            responder.send({"status", 0, R"({"process":"uplink"})", {}});
                                          });
  ASSERT_TRUE(server);
  FakeClock clock;
  clock.advance(1s);
  const SiteView view(*loop, dir.path(), {"uplink", "surveillance"}, clock);
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!view.snapshot().fresh("uplink") && std::chrono::steady_clock::now() < end) loop->turn(20ms);
  ASSERT_TRUE(view.snapshot().fresh("uplink"));
  EXPECT_EQ(*view.snapshot().fresh("uplink"), R"({"process":"uplink"})");
  EXPECT_FALSE(view.snapshot().fresh("surveillance"));
  clock.advance(6s);
  EXPECT_FALSE(view.snapshot().fresh("uplink"));
  EXPECT_GE(view.snapshot().loop_age, 5s);
}

}  // namespace
}  // namespace veilgate::console
