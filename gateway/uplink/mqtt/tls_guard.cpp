#include "mqtt/tls_guard.h"

#include <mutex>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>

#include "core/assert.h"
#include "mqtt/ack_watch.h"

namespace veilgate::uplink {
namespace {

std::mutex mutex;
TlsExpectation expectation;
TlsOutcome last;
const SSL* newest = nullptr;  // compared, never followed
bool installed = false;

// Called by OpenSSL during handshakes, in Paho's threads.
void on_info(const SSL* ssl, int where, int value) noexcept {
  const std::lock_guard lock(mutex);
  if (ssl != newest) return;
  if (where & SSL_CB_HANDSHAKE_START) {
    last.started = true;
    // Paho offers no such option; without it a small publish waits up to 40 ms for the peer's delayed ACK (Nagle).
    const int on = 1;
    setsockopt(SSL_get_fd(ssl), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  if (where & SSL_CB_ALERT) {
    if (where & SSL_CB_READ) last.received_alert = value & 0xff;
    if (!last.done) last.verify_result = SSL_get_verify_result(ssl);
  }
  if ((where & SSL_CB_EXIT) && value <= 0 && !last.done && SSL_get_verify_result(ssl) != X509_V_OK)
    last.verify_result = SSL_get_verify_result(ssl);
  if ((where & SSL_CB_HANDSHAKE_DONE) && !last.done) {
    auto* mutable_ssl = const_cast<SSL*>(ssl);  // the macros below take it so; they only read
    last.done = true;
    last.version = SSL_get_version(ssl);
    last.suite = SSL_CIPHER_get_name(SSL_get_current_cipher(ssl));
    const int group = static_cast<int>(SSL_get_negotiated_group(mutable_ssl));
    if (const char* name = OBJ_nid2sn(group)) last.group = name;
    int type = 0, digest = 0;
    if (SSL_get_peer_signature_type_nid(ssl, &type)) last.signature = OBJ_nid2sn(type);
    if (SSL_get_peer_signature_nid(mutable_ssl, &digest)) last.signature += std::string("+") + OBJ_nid2sn(digest);
  }
}

// Inside SSL_new: the object is complete but for its extra data. Nothing here may fail open, so a setting that
// cannot be made leaves an expectation that no certificate meets.
void on_new(void* parent, void*, CRYPTO_EX_DATA*, int, long, void*) noexcept {
  auto* ssl = static_cast<SSL*>(parent);
  const std::lock_guard lock(mutex);
  newest = ssl;
  last = TlsOutcome{};
  const bool bound = !expectation.host.empty() && SSL_set1_host(ssl, expectation.host.c_str()) == 1 &&
                     SSL_set_min_proto_version(ssl, TLS1_3_VERSION) == 1;
  if (!bound) SSL_set1_host(ssl, "no.such.host.invalid");
  if (expectation.revocation == RevocationCheck::kRequired)
    X509_VERIFY_PARAM_set_flags(SSL_get0_param(ssl), X509_V_FLAG_CRL_CHECK);
  SSL_set_info_callback(ssl, on_info);
  watch_acknowledgements_of(ssl);
}

}  // namespace

TlsGuard& TlsGuard::instance() {
  static TlsGuard guard;
  return guard;
}

void TlsGuard::install() {
  const std::lock_guard lock(mutex);
  if (installed) return;
  installed = SSL_get_ex_new_index(0, nullptr, on_new, nullptr, nullptr) >= 0;
  VG_ASSERT(installed);
}

void TlsGuard::expect(const TlsExpectation& wanted) {
  const std::lock_guard lock(mutex);
  VG_ASSERT(installed);
  expectation = wanted;
  last = TlsOutcome{};
  newest = nullptr;
}

TlsOutcome TlsGuard::outcome() const {
  const std::lock_guard lock(mutex);
  return last;
}

LinkProblem TlsGuard::problem() const {
  const TlsOutcome outcome = this->outcome();
  if (!outcome.started) return {};
  if (outcome.verify_result != X509_V_OK)
    return {fault_of_verify_result(outcome.verify_result), 0, X509_verify_cert_error_string(outcome.verify_result)};
  if (outcome.received_alert > 0)
    return {fault_of_received_alert(outcome.received_alert), 0,
            std::string("TLS alert: ") + SSL_alert_desc_string_long(outcome.received_alert)};
  if (!outcome.done) return {LinkFault::kLost, 0, "the connection ended during the TLS handshake"};
  return {};
}

}  // namespace veilgate::uplink
