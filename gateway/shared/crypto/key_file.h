#pragma once
// Key material on disk. A private key file is refused unless it is a regular file, owned by this process's
// user or by root, and closed to everyone else: mode 0600 or tighter, or 0440 when root owns it (how systemd
// hands over a LoadCredential= file). Writing is atomic (temporary file, fsync, rename), so a crash leaves
// the last good copy.
//
// Private keys are PKCS#8; encrypted ones are unlocked by a passphrase, which is never asked for on a
// terminal. Errors: kNotFound, kPermission (owner, mode, passphrase absent or wrong), kInvalidInput (no key
// of the kind). Thread word: reentrant.

#include <optional>
#include <string>

#include "core/result.h"
#include "crypto/secret.h"
#include "crypto/sm2.h"

namespace veilgate {

enum class FileSecrecy { kPrivate, kPublic };

/// At most 64 KiB. kPrivate applies the rules above; kPublic only refuses files writable by others.
Result<SecretBytes> read_key_file(const std::string& path, FileSecrecy secrecy);

Result<SigningKey> load_signing_key(const std::string& path, const SecretBytes* passphrase = nullptr);
Result<DecryptionKey> load_decryption_key(const std::string& path, const SecretBytes* passphrase = nullptr);
Result<VerifyingKey> load_verifying_key(const std::string& path);
Result<EncryptionKey> load_encryption_key(const std::string& path);

/// PKCS#8 PEM, mode 0600; with a passphrase encrypted under scrypt (N 2^14, r 8, p 1) and AES-256-CBC.
Result<void> save_private_key(const sm2_internal::Key& key, const std::string& path,
                              const SecretBytes* passphrase);
/// Any bytes, atomically; `mode` such as 0600 or 0644.
Result<void> write_file_atomically(const std::string& path, ByteView bytes, unsigned mode);

}  // namespace veilgate
