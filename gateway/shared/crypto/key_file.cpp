#include "crypto/key_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/openssl.h"
#include "crypto/sm2_internal.h"

namespace veilgate {
namespace {

constexpr off_t kMaxKeyFile = 64 << 10;

class OwnedFd {
 public:
  explicit OwnedFd(int fd) : fd_(fd) {}
  ~OwnedFd() {
    if (fd_ >= 0) ::close(fd_);
  }
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error system_error(const std::string& path, const char* doing) {
  const int why = errno;
  const auto code = why == ENOENT                                   ? ErrorCode::kNotFound
                    : why == EACCES || why == EPERM || why == EROFS ? ErrorCode::kPermission
                    : why == ENOSPC || why == EDQUOT                ? ErrorCode::kExhausted
                                                                    : ErrorCode::kUnavailable;
  return Error(code, path + ": " + doing + ": " + std::strerror(why));
}

Result<void> check_secrecy(const std::string& path, const struct stat& facts, FileSecrecy secrecy) {
  if (!S_ISREG(facts.st_mode)) return Error(ErrorCode::kPermission, path + ": not a regular file");
  if (secrecy == FileSecrecy::kPublic) {
    if ((facts.st_mode & S_IWOTH) == 0) return {};
    return Error(ErrorCode::kPermission, path + ": writable by everyone; chmod 644 it");
  }
  if (facts.st_uid != ::geteuid() && facts.st_uid != 0)
    return Error(ErrorCode::kPermission,
                 path + ": a private key owned by another user; chown it to this service's user");
  const mode_t refused = facts.st_uid == 0 ? 0037 : 0077;  // root's 0440: how systemd hands a credential over
  if ((facts.st_mode & refused) != 0)
    return Error(ErrorCode::kPermission, path + ": a private key others may read; chmod 600 it");
  return {};
}

template <typename T>
Result<T> with_path(Result<T> result, const std::string& path) {
  if (!result) return result.error().with_context(path);
  return result;
}

Result<void> write_all(int fd, ByteView bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(path, "writing");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

/// PKCS#8 under PBES2 with scrypt; PEM_write_bio_PKCS8PrivateKey would use PBKDF2.
bool write_encrypted(BIO* bio, const EVP_PKEY* pkey, const SecretBytes& passphrase) {
  using Info = openssl::Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
  using Sealed = openssl::Handle<X509_SIG, X509_SIG_free>;
  Info info(EVP_PKEY2PKCS8(pkey));
  X509_ALGOR* algorithm = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, 1 << 14, 8, 1);
  if (!info || !algorithm) return false;
  Sealed sealed(PKCS8_set0_pbe(reinterpret_cast<const char*>(passphrase.view().data()),
                               static_cast<int>(passphrase.size()), info.get(), algorithm));
  if (!sealed) {
    X509_ALGOR_free(algorithm);
    return false;
  }
  return PEM_write_bio_PKCS8(bio, sealed.get()) == 1;
}

}  // namespace

Result<SecretBytes> read_key_file(const std::string& path, FileSecrecy secrecy) {
  const OwnedFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return system_error(path, "opening");
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) return system_error(path, "examining");
  VG_CHECK(check_secrecy(path, facts, secrecy));
  if (facts.st_size == 0 || facts.st_size > kMaxKeyFile)
    return Error(ErrorCode::kInvalidInput, path + ": empty, or larger than 64 KiB: no key file");
  SecretBytes bytes(static_cast<std::size_t>(facts.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::read(file.get(), bytes.writable().data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return system_error(path, "reading");
    done += static_cast<std::size_t>(n);
  }
  return bytes;
}

Result<SigningKey> load_signing_key(const std::string& path, const SecretBytes* passphrase) {
  VG_TRY(const auto pem, read_key_file(path, FileSecrecy::kPrivate));
  return with_path(SigningKey::from_pem(as_text(pem.view()), passphrase), path);
}

Result<DecryptionKey> load_decryption_key(const std::string& path, const SecretBytes* passphrase) {
  VG_TRY(const auto pem, read_key_file(path, FileSecrecy::kPrivate));
  return with_path(DecryptionKey::from_pem(as_text(pem.view()), passphrase), path);
}

Result<VerifyingKey> load_verifying_key(const std::string& path) {
  VG_TRY(const auto pem, read_key_file(path, FileSecrecy::kPublic));
  return with_path(VerifyingKey::from_pem(as_text(pem.view())), path);
}

Result<EncryptionKey> load_encryption_key(const std::string& path) {
  VG_TRY(const auto pem, read_key_file(path, FileSecrecy::kPublic));
  return with_path(EncryptionKey::from_pem(as_text(pem.view())), path);
}

Result<void> save_private_key(const sm2_internal::Key& key, const std::string& path,
                              const SecretBytes* passphrase) {
  const EVP_PKEY* pkey = sm2_internal::Access::pkey(key);
  openssl::BioHandle bio(BIO_new(BIO_s_mem()));
  const bool written = bio && (passphrase ? write_encrypted(bio.get(), pkey, *passphrase)
                                          : PEM_write_bio_PKCS8PrivateKey(bio.get(), pkey, nullptr, nullptr,
                                                                          0, nullptr, nullptr) == 1);
  if (!written) return openssl::last_error(ErrorCode::kInternal, "writing a private key");
  std::uint8_t* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return write_file_atomically(path, {text, static_cast<std::size_t>(size)}, 0600);
}

Result<void> write_file_atomically(const std::string& path, ByteView bytes, unsigned mode) {
  const std::string temporary = path + ".new";
  (void)::unlink(temporary.c_str());  // a leftover of a crash
  {
    const OwnedFd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.get() < 0) return system_error(temporary, "creating");
    VG_CHECK(write_all(file.get(), bytes, temporary));
    if (::fsync(file.get()) != 0) return system_error(temporary, "syncing");
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return system_error(path, "replacing");
  const auto slash = path.find_last_of('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash == 0 ? 1 : slash);
  const OwnedFd directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return system_error(folder, "syncing");
  return {};
}

}  // namespace veilgate
