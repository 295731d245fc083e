#pragma once
// What Paho cannot do itself: check a revocation list, check the server's name *before* our certificate is shown,
// insist on TLS 1.3 in code, send small packets at once (TCP_NODELAY), and say what was negotiated or why a certificate
// was refused.
//
// Paho creates its SSL objects internally and offers no way to them. OpenSSL does: an ex_data "new" callback runs
// inside every SSL_new of the process (CRYPTO_get_ex_new_index(3)). There the guard sets the expected name, the
// CRL check and the version on the object itself, and an information callback that records the outcome. The CRL is
// read from the trust file, into which the link writes authority and list together (X509_load_cert_crl_file(3)).
//
// It applies to *every* SSL object that the process makes after install(), so it belongs into processes whose only
// TLS is one broker link. Thread word: thread-safe.

#include <string>

#include "mqtt/link_problem.h"

namespace veilgate::uplink {

enum class RevocationCheck { kRequired, kNoList };

struct TlsExpectation {
  std::string host;  ///< name or address literal the certificate must be for
  RevocationCheck revocation = RevocationCheck::kRequired;
};

/// What one handshake came to.
struct TlsOutcome {
  bool started = false;
  bool done = false;
  long verify_result = 0;  ///< X509_V_ERR_*, 0 = good or not reached
  int received_alert = -1; ///< the last alert the broker sent, -1 = none
  std::string version;     ///< "TLSv1.3", when done
  std::string suite;       ///< "TLS_AES_256_GCM_SHA384"
  std::string group;       ///< "X25519"
  std::string signature;   ///< of the server: "ecdsa_secp256r1_sha256" as OpenSSL names its parts: "id-ecPublicKey+SHA256"
};

class TlsGuard {
 public:
  static TlsGuard& instance();

  void install();                            ///< idempotent; before the first SSL object
  void expect(const TlsExpectation& expectation);  ///< for the connections made from now on; clears the outcome
  TlsOutcome outcome() const;                ///< of the newest connection since expect()

  /// Why the newest connection did not come to be, as far as TLS knows; kNone when TLS has nothing to say.
  LinkProblem problem() const;

 private:
  TlsGuard() = default;
};

}  // namespace veilgate::uplink
