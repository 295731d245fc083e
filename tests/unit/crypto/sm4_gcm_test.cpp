#include "crypto/sm4_gcm.h"

#include <gtest/gtest.h>

namespace veilgate {
namespace {

constexpr Sm4Gcm::Nonce kNonce{0, 0, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 0, 0xab, 0xcd};

class Sm4GcmImplementation : public testing::TestWithParam<Sm4Gcm::Implementation> {
 protected:
  Sm4Gcm cipher() { return std::move(Sm4Gcm::create(Bytes(16, 0x42), GetParam())).value(); }
  Bytes sealed(Sm4Gcm& cipher, ByteView aad, ByteView plaintext) {
    Bytes out(plaintext.size() + Sm4Gcm::kTagSize);
    EXPECT_TRUE(cipher.seal(kNonce, aad, plaintext, out));
    return out;
  }
};

TEST_P(Sm4GcmImplementation, OpensWhatItSealedAtEveryLengthAroundABlock) {
  auto c = cipher();
  for (std::size_t size : {0, 1, 15, 16, 17, 31, 32, 33, 1024, 60000, 262144}) {
    const Bytes plaintext(size, 0x5a);
    const Bytes record = sealed(c, as_bytes("header"), plaintext);
    const auto opened = c.open(kNonce, as_bytes("header"), record);
    ASSERT_TRUE(opened) << size;
    EXPECT_EQ(*opened, plaintext) << size;
  }
}

TEST_P(Sm4GcmImplementation, RefusesEverySingleBitFlip) {
  auto c = cipher();
  const Bytes record = sealed(c, as_bytes("header"), as_bytes("a result about a face"));
  for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
    Bytes bad = record;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto opened = c.open(kNonce, as_bytes("header"), bad);
    ASSERT_FALSE(opened) << bit;
    EXPECT_EQ(opened.error().code(), ErrorCode::kUntrusted);
  }
}

TEST_P(Sm4GcmImplementation, RefusesAnotherHeaderNonceOrKey) {
  auto c = cipher();
  const Bytes record = sealed(c, as_bytes("header"), as_bytes("body"));
  EXPECT_FALSE(c.open(kNonce, as_bytes("Header"), record));
  EXPECT_FALSE(c.open(kNonce, {}, record));
  EXPECT_FALSE(c.open({}, as_bytes("header"), record));
  auto other = std::move(Sm4Gcm::create(Bytes(16, 0x43), GetParam())).value();
  EXPECT_FALSE(other.open(kNonce, as_bytes("header"), record));
  EXPECT_FALSE(c.open(kNonce, as_bytes("header"), ByteView(record).first(15)));
}

INSTANTIATE_TEST_SUITE_P(Both, Sm4GcmImplementation,
                         testing::Values(Sm4Gcm::Implementation::kBest, Sm4Gcm::Implementation::kPortable));

TEST(Sm4Gcm, KeysOfAnotherSizeAreRefused) {
  EXPECT_FALSE(Sm4Gcm::create(Bytes(15)));
  EXPECT_FALSE(Sm4Gcm::create(Bytes(32)));
}

}  // namespace
}  // namespace veilgate
