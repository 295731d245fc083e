#pragma once
// Trust in a camera's TLS certificate, for the preflight and for rtspsrc alike. With a pin only that certificate is
// accepted, whoever issued it and whatever its name (most cameras sign their own); without one the chain, the name and
// the validity must hold. GStreamer reports every TLS failure with one generic error, so the reason is kept here.
//
// Source: RFC 5280 (validation by the TLS backend); pinning as in design.md section 5. Thread word: thread-safe.

#include <memory>
#include <string>

#include "core/result.h"

typedef struct _GTlsDatabase GTlsDatabase;

namespace veilgate::media {

struct CertificateFacts {
  bool seen = false;
  std::string sha256;   ///< hex, of the DER certificate
  std::string subject;
  std::string reason;   ///< "" accepted | tls_unknown_ca | tls_wrong_name | tls_expired | tls_revoked | tls_weak |
                        ///< tls_failed | certificate_differs
};

class CameraTrust {
 public:
  /// `ca_file` absolute, empty = the system's store; `pin_sha256` hex, empty = no pin.
  static Result<std::unique_ptr<CameraTrust>> create(const std::string& ca_file, const std::string& pin_sha256);
  ~CameraTrust();
  CameraTrust(const CameraTrust&) = delete;
  CameraTrust& operator=(const CameraTrust&) = delete;

  /// Borrowed; valid as long as this object. Give it to a TLS connection with all validation flags on.
  GTlsDatabase* database() const { return database_; }
  /// What the last handshake showed.
  CertificateFacts facts() const;

 private:
  explicit CameraTrust(GTlsDatabase* database) : database_(database) {}
  GTlsDatabase* database_;
};

}  // namespace veilgate::media
