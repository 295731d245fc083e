#include "crypto/x509.h"

#include <gtest/gtest.h>

namespace veilgate {
namespace {

// Made with `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /O=示例小区/CN=gw-0001`;
// fingerprint by `openssl x509 -fingerprint -sha256`.
const char kCertificate[] = R"(-----BEGIN CERTIFICATE-----
MIIBpjCCAU2gAwIBAgIUcV4aYwQKBBxTDDkXcorqAAqsEXQwCgYIKoZIzj0EAwIw
KTEVMBMGA1UECgwM56S65L6L5bCP5Yy6MRAwDgYDVQQDDAdndy0wMDAxMB4XDTI2
MTEyMDE3NTYzNloXDTM2MTExNzE3NTYzNlowKTEVMBMGA1UECgwM56S65L6L5bCP
5Yy6MRAwDgYDVQQDDAdndy0wMDAxMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
YMxv2DqxTd0OadC/1N0Sc4jLObS03q91GskcuQP97B3ZBjSvdo5QSbmH7gHq7f7W
e0ZShy/SEurobk63TIzaC6NTMFEwHQYDVR0OBBYEFNcsjTtGso4aNXCFD8nUM6ey
xac4MB8GA1UdIwQYMBaAFNcsjTtGso4aNXCFD8nUM6eyxac4MA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgHXBi+KuBNrWkWRr7jTYkJ0DTkFMitPzG
KiMkwF2qZKUCIBJLEaTpIsHfJh9rGzJEC18rb5WROgUJnWYDSZ+YUNo1
-----END CERTIFICATE-----
)";

TEST(X509, ReadsTheFactsStatusNeeds) {
  const auto facts = certificate_facts_from_pem(kCertificate);
  ASSERT_TRUE(facts) << facts.error().message();
  EXPECT_EQ(facts->common_name, "gw-0001");
  EXPECT_EQ(facts->subject, "CN=gw-0001,O=示例小区");
  EXPECT_EQ(facts->issuer, facts->subject);
  EXPECT_EQ(to_hex(facts->sha256), "9fbc911242713c1a798782b1c3d3a96cbb26f332e076a0f36076a16cbb4f6c91");
  EXPECT_EQ(format_utc(facts->not_after), "2036-11-17T17:56:36.000Z");
  EXPECT_EQ(facts->key_type, "EC");
  EXPECT_EQ(facts->key_bits, 256);
}

TEST(X509, RefusesWhatIsNoCertificate) {
  EXPECT_FALSE(certificate_facts_from_pem("hello"));
  EXPECT_FALSE(certificate_facts_from_der(as_bytes("hello")));
  EXPECT_EQ(load_certificate_facts("/nonexistent").error().code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace veilgate
