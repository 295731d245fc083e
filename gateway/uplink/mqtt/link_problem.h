#pragma once
// Why there is no connection to a broker, told apart so that an integrator knows whom to call.
// Thread word: reentrant.

#include <string>

namespace veilgate::uplink {

enum class LinkFault {
  kNone,
  kUnreachable,        ///< nobody listens, no route, name not found
  kTimeout,            ///< connected but no answer in time
  kServerName,         ///< the certificate is for another name
  kServerExpired,      ///< the certificate (or one above it) is past its end or before its start
  kServerRevoked,      ///< the revocation list holds it
  kServerSelfSigned,   ///< nobody vouches for it
  kServerUntrusted,    ///< the chain does not lead to our authority
  kRevocationUnknown,  ///< the revocation list is missing for its issuer, not yet valid, or expired
  kProfile,            ///< no common TLS version, suite, group or signature algorithm with our profile
  kClientRefused,      ///< the broker does not accept our certificate
  kBrokerRefused,      ///< the broker answered CONNECT with a refusal
  kKicked,             ///< the broker ended the connection with a reason
  kNoAcknowledgement,  ///< connected, but publishes are not acknowledged
  kLost,               ///< the connection broke
  kNobodyListens,      ///< we left: the platform does not hear us at this broker
  kLocal,              ///< our own files or settings: certificate or key unreadable
};

const char* to_string(LinkFault fault);  ///< stable snake_case: "server_expired"

struct LinkProblem {
  LinkFault fault = LinkFault::kNone;
  int reason_code = 0;   ///< MQTT 5 reason code of CONNACK or DISCONNECT, 0 when none
  std::string detail;    ///< for engineers; holds no secret
};

/// What an X509_V_ERR_* code of a server's certificate means. 0 gives kNone.
LinkFault fault_of_verify_result(long verify_result);
/// What a TLS alert that the broker sent means for us (RFC 8446 section 6.2).
LinkFault fault_of_received_alert(int alert);

}  // namespace veilgate::uplink
