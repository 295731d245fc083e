#pragma once
// RAII over OpenSSL, private to this folder. Thread word: thread-bound.

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "core/result.h"

namespace veilgate::openssl {

template <auto Function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    Function(object);
  }
};
template <typename T, auto Function>
using Handle = std::unique_ptr<T, Free<Function>>;

using BioHandle = Handle<BIO, BIO_free_all>;
using BignumHandle = Handle<BIGNUM, BN_clear_free>;
using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using GroupHandle = Handle<EC_GROUP, EC_GROUP_free>;
using PointHandle = Handle<EC_POINT, EC_POINT_free>;
using PkeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using PkeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using SignatureHandle = Handle<ECDSA_SIG, ECDSA_SIG_free>;
using X509Handle = Handle<X509, X509_free>;

/// The newest entry of this thread's error queue as an Error; the queue is emptied.
inline Error last_error(ErrorCode code, const std::string& doing) {
  char text[256] = "no reason given";
  if (const auto reason = ERR_peek_last_error(); reason != 0) ERR_error_string_n(reason, text, sizeof text);
  ERR_clear_error();
  return Error(code, doing + " failed in OpenSSL: " + text);
}

}  // namespace veilgate::openssl
