// The known answers of tests/vectors/sm_primitives.json, each from the text it names.

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crypto/hash.h"
#include "crypto/sm2.h"
#include "crypto/sm4_gcm.h"
#include "support/good.h"

namespace veilgate {
namespace {

using nlohmann::json;
using testing_support::good;

Bytes hex(const json& value) { return good(from_hex(value.get<std::string>())); }

class Primitives : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(VEILGATE_VECTORS "/sm_primitives.json");
    ASSERT_TRUE(file);
    vectors_ = json::parse(file);
  }
  json vectors_;
};

TEST_F(Primitives, Sm3AndItsKeyedForms) {
  for (const auto& v : vectors_["sm3"]) EXPECT_EQ(to_hex(sm3(hex(v["message"]))), v["digest"]) << v["source"];
  for (const auto& v : vectors_["hmac_sm3"])
    EXPECT_EQ(to_hex(hmac_sm3(hex(v["key"]), hex(v["message"]))), v["mac"]) << v["source"];
  for (const auto& v : vectors_["hkdf_sm3"]) {
    Bytes out(hex(v["output"]).size());
    hkdf_sm3(hex(v["secret"]), hex(v["salt"]), hex(v["info"]), out);
    EXPECT_EQ(to_hex(out), v["output"]) << v["source"];
  }
}

TEST_F(Primitives, Sm4) {
  for (const auto& v : vectors_["sm4"]) {
    Bytes block = hex(v["plaintext"]);
    const Bytes key = hex(v["key"]);
    for (int round = v.value("rounds", 1); round > 0; --round) {
      const auto out = good(sm4_encrypt_block(key, block));
      block.assign(out.begin(), out.end());
    }
    EXPECT_EQ(to_hex(block), v["ciphertext"]) << v["source"];
  }
}

TEST_F(Primitives, Sm4GcmInBothImplementations) {
  for (const auto& v : vectors_["sm4_gcm"])
    for (const auto which : {Sm4Gcm::Implementation::kBest, Sm4Gcm::Implementation::kPortable}) {
      auto cipher = good(Sm4Gcm::create(hex(v["key"]), which));
      Sm4Gcm::Nonce nonce{};
      const Bytes nonce_bytes = hex(v["nonce"]), plaintext = hex(v["plaintext"]);
      std::copy(nonce_bytes.begin(), nonce_bytes.end(), nonce.begin());
      Bytes sealed(plaintext.size() + Sm4Gcm::kTagSize);
      ASSERT_TRUE(cipher.seal(nonce, hex(v["aad"]), plaintext, sealed));
      EXPECT_EQ(to_hex(sealed), v["ciphertext"].get<std::string>() + v["tag"].get<std::string>())
          << v["source"];
    }
}

TEST_F(Primitives, Sm2) {
  for (const auto& v : vectors_["sm2_sign"]) {
    const auto key = good(SigningKey::from_scalar(hex(v["private"])));
    EXPECT_EQ(to_hex(key.point()), v["public"]) << v["source"];
    Sm2Signature signature{};
    const Bytes bytes = hex(v["signature"]);
    std::copy(bytes.begin(), bytes.end(), signature.begin());
    EXPECT_TRUE(key.verifying_key().verify(hex(v["message"]), signature)) << v["source"];
  }
  for (const auto& v : vectors_["sm2_encrypt"]) {
    const auto opened =
        good(good(DecryptionKey::from_scalar(hex(v["private"]))).decrypt(hex(v["ciphertext"])));
    EXPECT_EQ(to_hex(opened.view()), v["plaintext"]) << v["source"];
  }
}

}  // namespace
}  // namespace veilgate
