#include "crypto/hash.h"

#include <gtest/gtest.h>

namespace veilgate {
namespace {

// GB/T 32905-2016 A.1; FIPS 180-4 example.
TEST(Hash, KnownDigestsOfAbc) {
  EXPECT_EQ(to_hex(sm3(as_bytes("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, PiecesGiveTheDigestOfTheWhole) {
  RunningDigest running;
  running.update(as_bytes("a"));
  running.update({});
  running.update(as_bytes("bc"));
  EXPECT_EQ(running.finish(), sm3(as_bytes("abc")));
}

TEST(Hash, HmacKeysLongerThanABlockAreHashedFirst) {
  const Bytes long_key(65, 7);
  EXPECT_EQ(hmac_sm3(long_key, as_bytes("x")), hmac_sm3(sm3(long_key), as_bytes("x")));
  EXPECT_NE(hmac_sm3(Bytes(64, 7), as_bytes("x")), hmac_sm3(sm3(Bytes(64, 7)), as_bytes("x")));
}

TEST(Hash, HkdfPrefixesAgreeWhateverTheLength) {
  Bytes longer(100), shorter(33);
  hkdf_sm3(as_bytes("secret"), as_bytes("salt"), as_bytes("info"), longer);
  hkdf_sm3(as_bytes("secret"), as_bytes("salt"), as_bytes("info"), shorter);
  EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin()));
  EXPECT_NE(to_hex(ByteView(longer).first(32)), to_hex(ByteView(longer).subspan(32, 32)));
}

TEST(Hash, ConstantTimeComparisonRefusesOtherLengths) {
  EXPECT_TRUE(equal_in_constant_time(as_bytes("ab"), as_bytes("ab")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("ab"), as_bytes("ac")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("ab"), as_bytes("abc")));
  EXPECT_TRUE(equal_in_constant_time({}, {}));
}

}  // namespace
}  // namespace veilgate
