#include "crypto/x509.h"

#include <ctime>

#include <openssl/pem.h>

#include "crypto/key_file.h"
#include "crypto/openssl.h"

namespace veilgate {
namespace {

std::string name_text(const X509_NAME* name) {
  openssl::BioHandle bio(BIO_new(BIO_s_mem()));
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

std::string common_name(const X509_NAME* name) {
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0) return {};
  std::uint8_t* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) return {};
  std::string result(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return result;
}

Result<UtcTime> utc_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return openssl::last_error(ErrorCode::kInvalidInput, "reading a certificate's validity");
  return UtcTime{std::chrono::seconds{::timegm(&parts)}};
}

std::string serial_text(const X509* certificate) {
  openssl::BignumHandle number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  char* hex = number ? BN_bn2hex(number.get()) : nullptr;
  std::string text = hex ? hex : "";
  OPENSSL_free(hex);
  return text;
}

Result<CertificateFacts> facts_of(const openssl::X509Handle& certificate) {
  if (!certificate) {
    ERR_clear_error();
    return Error(ErrorCode::kInvalidInput, "not an X.509 certificate");
  }
  CertificateFacts facts;
  facts.subject = name_text(X509_get_subject_name(certificate.get()));
  facts.common_name = common_name(X509_get_subject_name(certificate.get()));
  facts.issuer = name_text(X509_get_issuer_name(certificate.get()));
  facts.serial = serial_text(certificate.get());
  VG_TRY(facts.not_before, utc_time(X509_get0_notBefore(certificate.get())));
  VG_TRY(facts.not_after, utc_time(X509_get0_notAfter(certificate.get())));
  std::uint8_t* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  if (size <= 0) return openssl::last_error(ErrorCode::kInternal, "encoding a certificate");
  facts.sha256 = sha256({der, static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  if (const EVP_PKEY* key = X509_get0_pubkey(certificate.get())) {
    if (const char* type = EVP_PKEY_get0_type_name(key)) facts.key_type = type;
    facts.key_bits = EVP_PKEY_get_bits(key);
  }
  return facts;
}

}  // namespace

Result<CertificateFacts> certificate_facts_from_pem(std::string_view pem) {
  openssl::BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return facts_of(openssl::X509Handle(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)));
}

Result<CertificateFacts> certificate_facts_from_der(ByteView der) {
  const std::uint8_t* in = der.data();
  return facts_of(openssl::X509Handle(d2i_X509(nullptr, &in, static_cast<long>(der.size()))));
}

Result<CertificateFacts> load_certificate_facts(const std::string& path) {
  VG_TRY(const auto pem, read_key_file(path, FileSecrecy::kPublic));
  auto facts = certificate_facts_from_pem(as_text(pem.view()));
  if (!facts) return facts.error().with_context(path);
  return facts;
}

}  // namespace veilgate
