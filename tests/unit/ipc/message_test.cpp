#include "ipc/message.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace veilgate::ipc {
namespace {

Message sample(std::size_t body_bytes) {
  Message message{"submit", 0x0102030405060708ULL, R"({"topic":"a/b"})", Bytes(body_bytes)};
  std::mt19937 random(7);
  for (auto& byte : message.body) byte = static_cast<std::uint8_t>(random());
  return message;
}

Result<std::optional<Message>> feed_all(const std::vector<Bytes>& packets) {
  MessageAssembler assembler;
  Result<std::optional<Message>> last = std::optional<Message>();
  for (const auto& packet : packets) {
    last = assembler.feed(packet);
    if (!last) return last;
  }
  return last;
}

TEST(IpcMessage, SurvivesTheTripAtEverySizeAroundAFragment) {
  const std::size_t head = kFrameHeadBytes + 6 + 15;
  for (const std::size_t body : {std::size_t{0}, std::size_t{1}, kMaxFragmentBytes - head, kMaxFragmentBytes - head + 1,
                                 2 * kMaxFragmentBytes, kMaxFrameBytes - head}) {
    const auto message = sample(body);
    const auto packets = to_packets(message);
    ASSERT_TRUE(packets) << body;
    const auto back = feed_all(*packets);
    ASSERT_TRUE(back && *back) << body;
    EXPECT_EQ(**back, message) << body;
  }
}

TEST(IpcMessage, IsRefusedBySenderWhenLargerThanTheLimit) {
  const auto packets = to_packets(sample(kMaxFrameBytes - (kFrameHeadBytes + 6 + 15) + 1));
  ASSERT_FALSE(packets);
  EXPECT_EQ(packets.error().code(), ErrorCode::kExhausted);
}

TEST(IpcMessage, KindIsLowerCaseAndShort) {
  for (const char* kind : {"", "Submit", "a b", "abcdefghijklmnopqrstuvwxyzabcdefg"})
    EXPECT_FALSE(to_packets(Message{kind, 0, {}, {}})) << kind;
}

TEST(IpcMessage, EveryTruncationIsRefused) {
  const auto packets = to_packets(sample(40));
  ASSERT_TRUE(packets);
  for (std::size_t size = 0; size < packets->front().size(); ++size) {
    MessageAssembler assembler;
    EXPECT_FALSE(assembler.feed({packets->front().data(), size})) << size;
  }
}

TEST(IpcMessage, EveryWrongHeadByteIsRefusedOrHarmless) {
  const auto good = to_packets(sample(40));
  ASSERT_TRUE(good);
  for (std::size_t at = 0; at < 1 + kFrameHeadBytes; ++at) {
    const bool inside_id = at >= 5 && at < 13;  // any id is a valid one
    if (inside_id) continue;
    for (int flip = 1; flip < 256; flip <<= 1) {
      auto packet = good->front();
      packet[at] = static_cast<std::uint8_t>(packet[at] ^ flip);
      MessageAssembler assembler;
      const auto result = assembler.feed(packet);
      EXPECT_FALSE(result && *result) << at << " ^ " << flip;
    }
  }
}

TEST(IpcMessage, LengthsThatWrapAroundAreRefused) {
  auto packet = to_packets(sample(40))->front();
  for (std::size_t at = 13; at < 21; ++at) packet[at] = 0xff;
  EXPECT_FALSE(MessageAssembler().feed(packet));
}

TEST(IpcMessage, EndlessFragmentsEndAtTheLimit) {
  MessageAssembler assembler;
  Bytes packet(kMaxFragmentBytes + 1, 0x41);
  packet[0] = 1;
  std::size_t taken = 0;
  while (assembler.feed(packet)) taken += kMaxFragmentBytes;
  EXPECT_LE(taken, kMaxFrameBytes);
}

TEST(IpcMessage, SmallFragmentsThatAreNotTheLastAreRefused) {
  EXPECT_FALSE(MessageAssembler().feed(Bytes{1, 'V', 'G'}));
  EXPECT_FALSE(MessageAssembler().feed(Bytes{2, 'V', 'G'}));
}

}  // namespace
}  // namespace veilgate::ipc
