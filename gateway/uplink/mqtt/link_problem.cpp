#include "mqtt/link_problem.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace veilgate::uplink {

const char* to_string(LinkFault fault) {
  switch (fault) {
    case LinkFault::kNone: return "none";
    case LinkFault::kUnreachable: return "unreachable";
    case LinkFault::kTimeout: return "timeout";
    case LinkFault::kServerName: return "server_name";
    case LinkFault::kServerExpired: return "server_expired";
    case LinkFault::kServerRevoked: return "server_revoked";
    case LinkFault::kServerSelfSigned: return "server_self_signed";
    case LinkFault::kServerUntrusted: return "server_untrusted";
    case LinkFault::kRevocationUnknown: return "revocation_unknown";
    case LinkFault::kProfile: return "tls_profile";
    case LinkFault::kClientRefused: return "client_refused";
    case LinkFault::kBrokerRefused: return "broker_refused";
    case LinkFault::kKicked: return "kicked";
    case LinkFault::kNoAcknowledgement: return "no_acknowledgement";
    case LinkFault::kLost: return "lost";
    case LinkFault::kNobodyListens: return "nobody_listens";
    case LinkFault::kLocal: return "local";
  }
  return "none";
}

LinkFault fault_of_verify_result(long verify_result) {
  switch (verify_result) {
    case X509_V_OK: return LinkFault::kNone;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return LinkFault::kServerName;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID: return LinkFault::kServerExpired;
    case X509_V_ERR_CERT_REVOKED: return LinkFault::kServerRevoked;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return LinkFault::kServerSelfSigned;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER: return LinkFault::kRevocationUnknown;
    default: return LinkFault::kServerUntrusted;
  }
}

LinkFault fault_of_received_alert(int alert) {
  switch (alert) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
    case 116 /* certificate_required */: return LinkFault::kClientRefused;
    case SSL_AD_HANDSHAKE_FAILURE:
    case SSL_AD_PROTOCOL_VERSION:
    case SSL_AD_INSUFFICIENT_SECURITY: return LinkFault::kProfile;
    default: return LinkFault::kLost;
  }
}

}  // namespace veilgate::uplink
