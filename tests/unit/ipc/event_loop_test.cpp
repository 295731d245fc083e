#include "ipc/event_loop.h"

#include <thread>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>

namespace veilgate::ipc {
namespace {

using namespace std::chrono_literals;

TEST(EventLoop, RunsPostedWorkFromAnotherThreadAndStops) {
  auto loop = EventLoop::create();
  ASSERT_TRUE(loop);
  bool ran = false;
  std::thread other([&] {
    (*loop)->post([&] { ran = true; });
    (*loop)->stop();
  });
  (*loop)->run();
  other.join();
  EXPECT_TRUE(ran);
}

TEST(EventLoop, TimersFireInTurnAndCancelledOnesDoNot) {
  auto loop = *EventLoop::create();
  int ticks = 0;
  bool cancelled_fired = false;
  const auto cancelled = loop->after(1ms, [&] { cancelled_fired = true; });
  loop->after(0ms, [&] { loop->cancel(cancelled); });
  loop->every(2ms, [&] {
    if (++ticks == 3) loop->stop();
  });
  loop->run();
  EXPECT_EQ(ticks, 3);
  EXPECT_FALSE(cancelled_fired);
}

TEST(EventLoop, ACallbackMayUnwatchAnotherReadyDescriptor) {
  auto loop = *EventLoop::create();
  UniqueFd first(eventfd(1, EFD_CLOEXEC)), second(eventfd(1, EFD_CLOEXEC));
  int calls = 0;
  const auto unwatch_both = [&](short) {
    ++calls;
    loop->unwatch(first.get());
    loop->unwatch(second.get());
  };
  loop->watch(first.get(), POLLIN, unwatch_both);
  loop->watch(second.get(), POLLIN, unwatch_both);
  loop->turn(1000ms);
  loop->turn(0ms);
  EXPECT_EQ(calls, 1);
}

TEST(EventLoop, WorkPostedAfterItsEndIsDropped) {
  auto loop = *EventLoop::create();
  const auto mailbox = loop->mailbox();
  loop.reset();
  mailbox->post([] { FAIL(); });
}

}  // namespace
}  // namespace veilgate::ipc
