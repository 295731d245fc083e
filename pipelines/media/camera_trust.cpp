#include "media/camera_trust.h"

#include <algorithm>
#include <mutex>

#include <gio/gio.h>

namespace veilgate::media {
namespace {

struct TrustState {
  GTlsDatabase* authorities = nullptr;  // owned
  std::string pin;
  mutable std::mutex mutex;
  CertificateFacts facts;
};

const char* reason_of(GTlsCertificateFlags flags) {
  if (flags & G_TLS_CERTIFICATE_REVOKED) return "tls_revoked";
  if (flags & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED)) return "tls_expired";
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA) return "tls_unknown_ca";
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY) return "tls_wrong_name";
  if (flags & G_TLS_CERTIFICATE_INSECURE) return "tls_weak";
  return "tls_failed";
}

CertificateFacts describe(GTlsCertificate* certificate) {
  CertificateFacts facts;
  facts.seen = true;
  GByteArray* der = nullptr;
  gchar* subject = nullptr;
  g_object_get(certificate, "certificate", &der, "subject-name", &subject, nullptr);
  if (der) {
    gchar* digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, der->data, der->len);
    facts.sha256 = digest ? digest : "";
    g_free(digest);
    g_byte_array_unref(der);
  }
  if (subject) facts.subject = subject;
  g_free(subject);
  return facts;
}

GTlsCertificateFlags judge(TrustState& state, GTlsCertificate* chain, const gchar* purpose,
                           GSocketConnectable* identity, GTlsInteraction* interaction, GTlsDatabaseVerifyFlags flags,
                           GCancellable* cancellable) {
  CertificateFacts facts = describe(chain);
  GTlsCertificateFlags verdict = GTlsCertificateFlags(0);
  if (!state.pin.empty()) {
    if (facts.sha256 != state.pin) {
      verdict = G_TLS_CERTIFICATE_GENERIC_ERROR;
      facts.reason = "certificate_differs";
    }
  } else {
    GError* error = nullptr;
    verdict = g_tls_database_verify_chain(state.authorities, chain, purpose, identity, interaction, flags, cancellable,
                                          &error);
    if (error) verdict = GTlsCertificateFlags(verdict | G_TLS_CERTIFICATE_GENERIC_ERROR);
    g_clear_error(&error);
    if (verdict) facts.reason = reason_of(verdict);
  }
  const std::lock_guard lock(state.mutex);
  state.facts = std::move(facts);
  return verdict;
}

}  // namespace
}  // namespace veilgate::media

// A GTlsDatabase of our own: the only place where every handshake, good or bad, passes with its certificate.
struct VgCameraTrustDatabase {
  GTlsDatabase parent;
  veilgate::media::TrustState* state;
};
struct VgCameraTrustDatabaseClass {
  GTlsDatabaseClass parent;
};
G_DEFINE_TYPE(VgCameraTrustDatabase, vg_camera_trust_database, G_TYPE_TLS_DATABASE)

static GTlsCertificateFlags vg_camera_trust_database_verify_chain(
    GTlsDatabase* self, GTlsCertificate* chain, const gchar* purpose, GSocketConnectable* identity,
    GTlsInteraction* interaction, GTlsDatabaseVerifyFlags flags, GCancellable* cancellable, GError**) noexcept {
  auto* state = reinterpret_cast<VgCameraTrustDatabase*>(self)->state;
  return veilgate::media::judge(*state, chain, purpose, identity, interaction, flags, cancellable);
}

static void vg_camera_trust_database_finalize(GObject* object) noexcept {
  auto* self = reinterpret_cast<VgCameraTrustDatabase*>(object);
  g_clear_object(&self->state->authorities);
  delete self->state;
  G_OBJECT_CLASS(vg_camera_trust_database_parent_class)->finalize(object);
}

static void vg_camera_trust_database_class_init(VgCameraTrustDatabaseClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = vg_camera_trust_database_finalize;
  klass->parent.verify_chain = vg_camera_trust_database_verify_chain;
}

static void vg_camera_trust_database_init(VgCameraTrustDatabase* self) {
  self->state = new veilgate::media::TrustState;
}

namespace veilgate::media {

Result<std::unique_ptr<CameraTrust>> CameraTrust::create(const std::string& ca_file, const std::string& pin_sha256) {
  GTlsBackend* backend = g_tls_backend_get_default();
  if (!g_tls_backend_supports_tls(backend))
    return Error(ErrorCode::kMissingPart, "no TLS support for cameras; install the package glib-networking");
  GTlsDatabase* authorities = nullptr;
  if (ca_file.empty()) {
    authorities = g_tls_backend_get_default_database(backend);
  } else {
    GError* error = nullptr;
    authorities = g_tls_file_database_new(ca_file.c_str(), &error);
    const std::string why = error ? error->message : "not readable";
    g_clear_error(&error);
    if (!authorities) return Error(ErrorCode::kInvalidInput, "camera CA file " + ca_file + ": " + why);
  }
  auto* database = static_cast<VgCameraTrustDatabase*>(g_object_new(vg_camera_trust_database_get_type(), nullptr));
  database->state->authorities = authorities;
  database->state->pin = pin_sha256;
  std::transform(database->state->pin.begin(), database->state->pin.end(), database->state->pin.begin(),
                 [](unsigned char c) { return static_cast<char>(g_ascii_tolower(static_cast<gchar>(c))); });
  return std::unique_ptr<CameraTrust>(new CameraTrust(reinterpret_cast<GTlsDatabase*>(database)));
}

CameraTrust::~CameraTrust() { g_object_unref(database_); }

CertificateFacts CameraTrust::facts() const {
  const auto* state = reinterpret_cast<VgCameraTrustDatabase*>(database_)->state;
  const std::lock_guard lock(state->mutex);
  return state->facts;
}

}  // namespace veilgate::media
