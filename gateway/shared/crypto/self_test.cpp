#include "crypto/self_test.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <mutex>

#include <openssl/core_names.h>
#include <openssl/rand.h>

#include "core/bytes.h"
#include "core/log.h"
#include "crypto/hash.h"
#include "crypto/sm2_internal.h"
#include "crypto/sm4_gcm.h"

namespace veilgate {
namespace {

constexpr std::array kAll{SelfTest::kSm3,     SelfTest::kHmacSm3,    SelfTest::kSm4, SelfTest::kSm4Gcm,
                          SelfTest::kSm2Sign, SelfTest::kSm2Encrypt, SelfTest::kDrbg};

Bytes hex(std::string_view text) { return from_hex(text).value(); }
template <typename Range>
bool equals(const Range& got, std::string_view expected_hex) {
  return equal_in_constant_time(ByteView(got), hex(expected_hex));
}

// GB/T 32905-2016 A.1 and A.2
bool sm3_holds() {
  std::string repeated;
  for (int i = 0; i < 16; ++i) repeated += "abcd";
  return equals(sm3(as_bytes("abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0") &&
         equals(sm3(as_bytes(repeated)), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

// Expected values made with `openssl dgst -sm3 -mac HMAC` and `openssl kdf HKDF`, which do not use our code.
bool hmac_holds() {
  std::array<std::uint8_t, 44> derived{};
  hkdf_sm3(hex("000102030405060708090a0b0c0d0e0f"), hex("f0f1f2f3"), as_bytes("veilgate"), derived);
  return equals(hmac_sm3(as_bytes("veilgate self-test key"), as_bytes("abc")),
                "c8e521d79ef90b93c8a32b66ea303cabecc9a742d1d0c6cbe6286d3b51fac0b7") &&
         equals(derived,
                "4775c92c3e59bd1b297f58dd72f2aba144aca5edee3244448080d74e7afb3a20928e663992f3d2cf90f08b9a");
}

// GB/T 32907-2016 A.1
bool sm4_holds() {
  const Bytes key = hex("0123456789abcdeffedcba9876543210");
  const auto block = sm4_encrypt_block(key, key);
  return block && equals(*block, "681edf34d206965e86b3e94f536e4246");
}

// RFC 8998 A.1
bool sm4_gcm_holds() {
  const Bytes plaintext =
      hex("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
          "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa");
  const Bytes aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const Sm4Gcm::Nonce nonce{0x00, 0x00, 0x12, 0x34, 0x56, 0x78, 0x00, 0x00, 0x00, 0x00, 0xab, 0xcd};
  auto cipher = Sm4Gcm::create(hex("0123456789abcdeffedcba9876543210"));
  if (!cipher) return false;
  Bytes sealed(plaintext.size() + Sm4Gcm::kTagSize);
  if (!cipher->seal(nonce, aad, plaintext, sealed)) return false;
  if (!equals(sealed,
              "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
              "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
              "83de3541e4c2b58177e065a9bf7b62ec"))
    return false;
  const auto opened = cipher->open(nonce, aad, sealed);
  sealed.back() ^= 1;
  return opened && *opened == plaintext && !cipher->open(nonce, aad, sealed);
}

const char kSm2Scalar[] = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";

// GM/T 0003.5-2012 A.2 (identity 1234567812345678, message "message digest"), then a fresh signature: SM2
// signatures are randomised, so signing is tested pairwise.
bool sm2_sign_holds() {
  auto key = sm2_internal::pkey_from_scalar(hex(kSm2Scalar));
  if (!key) return false;
  const Bytes known =
      hex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
          "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
  Sm2Signature signature{};
  std::copy(known.begin(), known.end(), signature.begin());
  if (!sm2_internal::verify_unchecked(key->get(), as_bytes("message digest"), signature)) return false;
  signature[63] ^= 1;
  if (sm2_internal::verify_unchecked(key->get(), as_bytes("message digest"), signature)) return false;
  const auto fresh = sm2_internal::sign_unchecked(key->get(), as_bytes("veilgate"));
  return fresh && sm2_internal::verify_unchecked(key->get(), as_bytes("veilgate"), *fresh);
}

// GM/T 0003.5-2012 C.2 (message "encryption standard") in the DER form of GM/T 0009, then a round trip.
bool sm2_encrypt_holds() {
  auto key = sm2_internal::pkey_from_scalar(hex(kSm2Scalar));
  if (!key) return false;
  const Bytes known =
      hex("307c"
          "022004ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
          "022100e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
          "042059983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
          "041321886ca989ca9c7d58087307ca93092d651efa");
  const auto opened = sm2_internal::decrypt_unchecked(key->get(), known);
  if (!opened || as_text(opened->view()) != "encryption standard") return false;
  const auto fresh = sm2_internal::encrypt_unchecked(key->get(), as_bytes("veilgate"));
  if (!fresh) return false;
  const auto back = sm2_internal::decrypt_unchecked(key->get(), *fresh);
  return back && as_text(back->view()) == "veilgate";
}

using RandHandle = openssl::Handle<EVP_RAND, EVP_RAND_free>;
using RandContext = openssl::Handle<EVP_RAND_CTX, EVP_RAND_CTX_free>;

bool feed_entropy(EVP_RAND_CTX* source, Bytes entropy, Bytes nonce = {}) {
  OSSL_PARAM params[3] = {
      OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY, entropy.data(), entropy.size()),
      nonce.empty()
          ? OSSL_PARAM_construct_end()
          : OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_NONCE, nonce.data(), nonce.size()),
      OSSL_PARAM_construct_end()};
  return EVP_RAND_CTX_set_params(source, params) == 1;
}

// NIST CAVS, CTR_DRBG AES-128 with derivation function and prediction resistance; the vector OpenSSL's own
// FIPS module uses. The product draws from the same implementation (with AES-256), seeded by the kernel.
bool drbg_holds() {
  RandHandle test_source(EVP_RAND_fetch(nullptr, "TEST-RAND", nullptr));
  RandHandle ctr(EVP_RAND_fetch(nullptr, "CTR-DRBG", nullptr));
  RandContext source(test_source ? EVP_RAND_CTX_new(test_source.get(), nullptr) : nullptr);
  RandContext drbg(ctr && source ? EVP_RAND_CTX_new(ctr.get(), source.get()) : nullptr);
  if (!drbg) return false;
  unsigned strength = 128;
  char cipher[] = "AES-128-CTR";
  OSSL_PARAM strong[] = {OSSL_PARAM_construct_uint(OSSL_RAND_PARAM_STRENGTH, &strength),
                         OSSL_PARAM_construct_end()};
  OSSL_PARAM named[] = {OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_CIPHER, cipher, 0),
                        OSSL_PARAM_construct_end()};
  const Bytes personal = hex("ea65ee60264e7eb60e8268c4373c5c0b");
  const Bytes first = hex("1a40fae3cc6c7ca0f8daba59236dad1d"),
              second = hex("9f72766cc746e5ed2e532012bc59318c");
  std::array<std::uint8_t, 64> out{};
  return EVP_RAND_CTX_set_params(source.get(), strong) == 1 &&
         EVP_RAND_CTX_set_params(drbg.get(), named) == 1 &&
         feed_entropy(source.get(), hex("92898f31fa1cff6d182f260643dff818"), hex("c2a4d972c3b9b697")) &&
         EVP_RAND_instantiate(source.get(), strength, 0, nullptr, 0, nullptr) == 1 &&
         EVP_RAND_instantiate(drbg.get(), strength, 0, personal.data(), personal.size(), nullptr) == 1 &&
         feed_entropy(source.get(), hex("20728a06f86f8dd441e272b7c42ce810")) &&
         EVP_RAND_generate(drbg.get(), out.data(), out.size(), strength, 1, first.data(), first.size()) ==
             1 &&
         feed_entropy(source.get(), hex("3db0f094f305503317863e2208f7a501")) &&
         EVP_RAND_generate(drbg.get(), out.data(), out.size(), strength, 1, second.data(), second.size()) ==
             1 &&
         equals(out,
                "5a3539870f4d22a40924ee71c96fac720ad6f08882d0832873ec3f93d8ab4523"
                "f07eac45145e939fb1d676433db6e80888f6da89087742fe1af43fc423c51f68");
}

bool holds(SelfTest test) {
  switch (test) {
    case SelfTest::kSm3:
      return sm3_holds();
    case SelfTest::kHmacSm3:
      return hmac_holds();
    case SelfTest::kSm4:
      return sm4_holds();
    case SelfTest::kSm4Gcm:
      return sm4_gcm_holds();
    case SelfTest::kSm2Sign:
      return sm2_sign_holds();
    case SelfTest::kSm2Encrypt:
      return sm2_encrypt_holds();
    case SelfTest::kDrbg:
      return drbg_holds();
  }
  return false;
}

struct State {
  std::mutex mutex;
  bool ran = false;
  std::vector<SelfTest> faults;
  std::vector<SelfTest> failed;
  std::atomic<bool> passed{false};
};
State& state() {
  static State instance;
  return instance;
}

bool faulty(const State& s, SelfTest test) {
  for (const auto fault : s.faults)
    if (fault == test) return true;
  const char* named = std::getenv("VEILGATE_SELF_TEST_FAULT");
  return named && std::string_view(named) == to_string(test);
}

Error error_state(const std::vector<SelfTest>& failed) {
  std::string names;
  for (const auto test : failed) names += (names.empty() ? "" : ", ") + std::string(to_string(test));
  return Error(ErrorCode::kInternal,
               "cryptographic self-test failed (" + names +
                   "): this process is in its error state and carries no traffic; restart it, "
                   "and replace the cryptographic library if that does not help");
}

}  // namespace

const char* to_string(SelfTest test) {
  switch (test) {
    case SelfTest::kSm3:
      return "sm3";
    case SelfTest::kHmacSm3:
      return "hmac_sm3";
    case SelfTest::kSm4:
      return "sm4";
    case SelfTest::kSm4Gcm:
      return "sm4_gcm";
    case SelfTest::kSm2Sign:
      return "sm2_sign";
    case SelfTest::kSm2Encrypt:
      return "sm2_encrypt";
    case SelfTest::kDrbg:
      return "drbg";
  }
  return "unknown";
}

Result<void> require_self_tests() {
  State& s = state();
  if (s.passed) return {};
  const std::lock_guard lock(s.mutex);
  if (!s.ran) {
    s.ran = true;
    for (const auto test : kAll)
      if (!holds(test) || faulty(s, test)) s.failed.push_back(test);
    ERR_clear_error();
    s.passed = s.failed.empty();
    if (!s.passed) VG_LOG(kError, "crypto", error_state(s.failed).message());
  }
  if (!s.failed.empty()) return error_state(s.failed);
  return {};
}

std::vector<SelfTest> failed_self_tests() {
  const std::lock_guard lock(state().mutex);
  return state().failed;
}

void inject_self_test_fault(SelfTest test) {
  State& s = state();
  const std::lock_guard lock(s.mutex);
  s.faults.push_back(test);
  if (s.failed.empty()) s.ran = false;
  s.passed = false;
}

}  // namespace veilgate
