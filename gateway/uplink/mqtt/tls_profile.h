#pragma once
// The TLS profile of the uplink as an OpenSSL configuration file. Paho has no way to restrict TLS 1.3 suites, groups or
// signature algorithms; OpenSSL reads them from $OPENSSL_CONF when it initialises itself, once per process
// (config(5), "SSL Configuration"). The profile is known only after the configuration has been read and hashed, and
// that already uses OpenSSL: so the process writes the file and executes itself again with the variable set.
//
// `intl`: stock OpenSSL 3.0. `sm`: TLS_SM4_GCM_SM3 with SM2 certificates, needs a library that speaks it in the
// library path (Tongsuo 8.4 or OpenSSL ≥ 4.0); with another library no connection is made: there is no fall-back.
// Thread word: thread-bound, start of main only, before there is a second thread.

#include <string>

#include "config/config.h"
#include "core/result.h"

namespace veilgate::uplink {

struct TlsLimits {
  std::string suites;      ///< colon-separated, OpenSSL names
  std::string groups;
  std::string signatures;
};
TlsLimits tls_limits(TlsProfile profile);

/// The text of the configuration file.
std::string openssl_conf(TlsProfile profile);

/// Returns when this process runs under the profile; otherwise writes the file to `path` (0600, replaced atomically),
/// points $OPENSSL_CONF at it and executes this executable again with `arguments` (same process id).
Result<void> enter_tls_profile(TlsProfile profile, const std::string& path, char** arguments);

/// Error kUntrusted when a negotiated version or suite is none of the profile's: a silent fall-back is a fault.
Result<void> check_negotiated(TlsProfile profile, const std::string& version, const std::string& suite);

}  // namespace veilgate::uplink
