#include "core/bytes.h"

#include <gtest/gtest.h>

namespace veilgate {
namespace {

TEST(Bytes, HexRoundTrip) {
  const Bytes bytes{0x00, 0x7f, 0xff};
  EXPECT_EQ(to_hex(bytes), "007fff");
  EXPECT_EQ(*from_hex("007FfF"), bytes);
}

TEST(Bytes, RefusesOddLengthAndForeignDigits) {
  EXPECT_FALSE(from_hex("abc"));
  EXPECT_FALSE(from_hex("zz"));
}

}  // namespace
}  // namespace veilgate
