#include "ipc/channel.h"

#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace veilgate::ipc {
namespace {

using namespace std::chrono_literals;

struct Ends {
  Channel left;
  Channel right;
};
Ends make_ends() {
  auto ends = Channel::pair();
  return {Channel(std::move(ends->first)), Channel(std::move(ends->second))};
}

TEST(Channel, CarriesTheLargestMessageThroughASmallSocketBuffer) {
  auto ends = make_ends();
  Message large{"result", 0, {}, Bytes(kMaxFrameBytes - kFrameHeadBytes - 6, 0x5a)};
  std::thread sender([&] { EXPECT_TRUE(ends.left.send(large, 10s)); });
  const auto got = ends.right.receive(10s);
  sender.join();
  ASSERT_TRUE(got && *got);
  EXPECT_EQ(**got, large);
}

TEST(Channel, LookingOnlyFindsNothing) {
  auto ends = make_ends();
  const auto got = ends.right.receive(0ms);
  ASSERT_TRUE(got);
  EXPECT_FALSE(*got);
}

TEST(Channel, TellsWhenThePeerIsGone) {
  auto ends = make_ends();
  { Channel gone = std::move(ends.left); }
  const auto got = ends.right.receive(0ms);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code(), ErrorCode::kUnavailable);
  EXPECT_FALSE(ends.right.send(Message{"x", 0, {}, {}}, 0ms));
}

TEST(Channel, TellsGarbageFromAbsence) {
  auto ends = make_ends();
  ASSERT_EQ(send(ends.left.fd(), "garbage", 7, 0), 7);
  const auto got = ends.right.receive(0ms);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code(), ErrorCode::kInvalidInput);
}

TEST(Channel, GivesUpOnAPeerThatDoesNotRead) {
  auto ends = make_ends();
  const Message large{"result", 0, {}, Bytes(kMaxFrameBytes - 100)};
  Result<void> sent;
  for (int i = 0; i < 100 && sent; ++i) sent = ends.left.send(large, 0ms);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code(), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace veilgate::ipc
