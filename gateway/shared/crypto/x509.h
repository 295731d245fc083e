#pragma once
// What status, pinning and expiry warnings need to know about a certificate. Judging a chain is TLS's
// business. Thread word: reentrant.

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "crypto/hash.h"

namespace veilgate {

struct CertificateFacts {
  std::string subject;      ///< RFC 2253, UTF-8
  std::string common_name;  ///< empty when there is none
  std::string issuer;
  std::string serial;  ///< hex
  UtcTime not_before{};
  UtcTime not_after{};
  Digest sha256{};       ///< of the DER form: what pins compare
  std::string key_type;  ///< "EC", "SM2", "RSA", …
  int key_bits = 0;
};

Result<CertificateFacts> certificate_facts_from_pem(
    std::string_view pem);  ///< the first certificate in the text
Result<CertificateFacts> certificate_facts_from_der(ByteView der);
Result<CertificateFacts> load_certificate_facts(const std::string& path);

}  // namespace veilgate
