#include "crypto/sm2.h"

#include <gtest/gtest.h>

namespace veilgate {
namespace {

// GM/T 0003.5-2012 A.2: key of the examples on the recommended curve.
const char kScalar[] = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const char kPoint[] =
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";

Bytes hex(std::string_view text) { return from_hex(text).value(); }

TEST(Sm2, DerivesThePublicPointOfTheStandard) {
  const auto key = SigningKey::from_scalar(hex(kScalar));
  ASSERT_TRUE(key);
  EXPECT_EQ(to_hex(key->point()), kPoint);
  EXPECT_EQ(to_hex(key->id()), to_hex(key->verifying_key().id()));
}

TEST(Sm2, VerifiesTheSignatureOfTheStandardAndNoNeighbour) {
  const auto key = VerifyingKey::from_point(hex(kPoint));
  ASSERT_TRUE(key);
  Sm2Signature signature{};
  const Bytes known =
      hex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
          "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
  std::copy(known.begin(), known.end(), signature.begin());
  EXPECT_TRUE(key->verify(as_bytes("message digest"), signature));
  EXPECT_FALSE(key->verify(as_bytes("message digesT"), signature));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    auto bad = signature;
    bad[i] ^= 0x10;
    EXPECT_FALSE(key->verify(as_bytes("message digest"), bad)) << i;
  }
  EXPECT_FALSE(key->verify(as_bytes("message digest"), Sm2Signature{}));
}

TEST(Sm2, SignsAndRefusesAnotherKey) {
  const auto mine = SigningKey::generate(), other = SigningKey::generate();
  ASSERT_TRUE(mine && other);
  const auto signature = mine->sign(as_bytes("x"));
  ASSERT_TRUE(signature);
  EXPECT_TRUE(mine->verifying_key().verify(as_bytes("x"), *signature));
  EXPECT_FALSE(other->verifying_key().verify(as_bytes("x"), *signature));
}

TEST(Sm2, SignatureFormsConvertBothWaysAlsoWithShortIntegers) {
  Sm2Signature signature{};
  signature[31] = 1;     // r = 1
  signature[32] = 0x80;  // s with the top bit set: DER adds a zero byte
  const auto der = sm2_signature_to_der(signature);
  ASSERT_TRUE(der);
  EXPECT_EQ(*sm2_signature_from_der(*der), signature);
  Bytes trailing = *der;
  trailing.push_back(0);
  EXPECT_FALSE(sm2_signature_from_der(trailing));
  EXPECT_FALSE(sm2_signature_from_der(ByteView(*der).first(der->size() - 1)));
  EXPECT_FALSE(sm2_signature_from_der({}));
}

TEST(Sm2, DecryptsTheCiphertextOfTheStandard) {
  const auto key = DecryptionKey::from_scalar(hex(kScalar));
  ASSERT_TRUE(key);
  // GM/T 0003.5-2012 C.2, as GM/T 0009 SM2Cipher
  const auto opened =
      key->decrypt(hex("307c022004ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
                       "022100e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
                       "042059983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
                       "041321886ca989ca9c7d58087307ca93092d651efa"));
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(as_text(opened->view()), "encryption standard");
}

TEST(Sm2, EncryptionRoundTripAndEveryByteMatters) {
  const auto key = DecryptionKey::generate();
  ASSERT_TRUE(key);
  const auto sealed = key->encryption_key().encrypt(Bytes(32, 9));
  ASSERT_TRUE(sealed);
  EXPECT_EQ(to_hex(key->decrypt(*sealed)->view()), to_hex(Bytes(32, 9)));
  for (std::size_t i = 0; i < sealed->size(); ++i) {
    Bytes bad = *sealed;
    bad[i] ^= 0x01;
    const auto opened = key->decrypt(bad);
    EXPECT_TRUE(!opened || to_hex(opened->view()) != to_hex(Bytes(32, 9))) << i;
  }
  const auto other = DecryptionKey::generate();
  EXPECT_FALSE(other->decrypt(*sealed));
  EXPECT_FALSE(key->decrypt({}));
}

TEST(Sm2, RefusesPointsOffTheCurveAndScalarsOutOfRange) {
  Bytes point = hex(kPoint);
  point.back() ^= 1;
  EXPECT_FALSE(VerifyingKey::from_point(point));
  EXPECT_FALSE(EncryptionKey::from_point(ByteView(point).first(64)));
  EXPECT_FALSE(SigningKey::from_scalar(Bytes(32, 0)));
  EXPECT_FALSE(SigningKey::from_scalar(Bytes(32, 0xff)));
}

TEST(Sm2, PublicKeysSurvivePem) {
  const auto key = SigningKey::generate();
  const auto pem = key->verifying_key().to_pem();
  ASSERT_TRUE(pem);
  const auto back = VerifyingKey::from_pem(*pem);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(back->id(), key->id());
  EXPECT_FALSE(VerifyingKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
}

TEST(Sm2, RefusesAKeyOfAnotherCurve) {
  // A P-256 public key, made with `openssl ecparam -name prime256v1 -genkey | openssl ec -pubout`.
  const auto key = VerifyingKey::from_pem(
      "-----BEGIN PUBLIC "
      "KEY-----"
      "\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYFSz8lbRVTZreGq7JY9RfVVnbOZZ\nRrlwKvkudNzdPCO1X8KPHFWKIRaeCDv5zu"
      "932UwgttICpo11PpI3LvjWBQ==\n-----END PUBLIC KEY-----\n");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code(), ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace veilgate
