#include "mqtt/ack_watch.h"

#include <gtest/gtest.h>

namespace veilgate::uplink {
namespace {

Bytes puback(int id, int reason) {
  return {0x40, 3, static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id), static_cast<std::uint8_t>(reason)};
}

TEST(AckScanner, NotesTheReasonOfAPuback) {
  AckScanner scanner;
  scanner.feed(puback(0x1234, 0x10));
  EXPECT_EQ(scanner.take(0x1234), 0x10);
  EXPECT_EQ(scanner.take(0x1234), 0) << "only once: packet ids are used again";
}

TEST(AckScanner, TakesAShortPubackAsSuccess) {
  AckScanner scanner;
  scanner.feed(Bytes{0x40, 2, 0, 7});
  scanner.feed(puback(8, 0x10));
  EXPECT_EQ(scanner.take(7), 0);
  EXPECT_EQ(scanner.take(8), 0x10);
}

TEST(AckScanner, IsNotMisledByPayloadsOrByWhereReadsEnd) {
  Bytes stream{0x20, 3, 0, 0, 0};  // CONNACK
  Bytes publish{0x32, 0xC8, 0x01};  // 200 bytes that look like PUBACKs
  for (int i = 0; i < 40; ++i) {
    const auto fake = puback(9, 0x10);
    publish.insert(publish.end(), fake.begin(), fake.end());
  }
  stream.insert(stream.end(), publish.begin(), publish.end());
  stream.insert(stream.end(), {0xD0, 0});  // PINGRESP
  const auto real = puback(10, 0x10);
  stream.insert(stream.end(), real.begin(), real.end());
  for (std::size_t piece : {1u, 2u, 3u, 7u, 1000u}) {
    AckScanner scanner;
    for (std::size_t at = 0; at < stream.size(); at += piece)
      scanner.feed(ByteView(stream).subspan(at, std::min(piece, stream.size() - at)));
    EXPECT_EQ(scanner.take(9), 0) << piece;
    EXPECT_EQ(scanner.take(10), 0x10) << piece;
  }
}

}  // namespace
}  // namespace veilgate::uplink
