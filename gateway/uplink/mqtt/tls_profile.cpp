#include "mqtt/tls_profile.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace veilgate::uplink {
namespace {

constexpr const char* kMark = "VEILGATE_TLS_PROFILE_ENTERED";

bool listed(const std::string& list, const std::string& item) {
  return !item.empty() && (":" + list + ":").find(":" + item + ":") != std::string::npos;
}

Result<void> write_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".new";
  const auto failed = [&](const char* what) {
    return Error(ErrorCode::kUnavailable, temporary + ": " + what + ": " + std::strerror(errno));
  };
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return failed("cannot be written");
  const bool written = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(fd);
  if (!written) return failed("cannot be written");
  if (rename(temporary.c_str(), path.c_str()) != 0) return failed("cannot be put in place");
  return {};
}

}  // namespace

TlsLimits tls_limits(TlsProfile profile) {
  if (profile == TlsProfile::kSm) return {"TLS_SM4_GCM_SM3", "SM2", "sm2sig_sm3"};
  return {"TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256", "X25519:P-256:P-384",
          "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384"};
}

std::string openssl_conf(TlsProfile profile) {
  const TlsLimits limits = tls_limits(profile);
  return "# Written by veilgate at every start: the TLS profile of the uplink. Changes here are lost.\n"
         "openssl_conf = init\n"
         "[init]\n"
         "ssl_conf = ssl\n"
         "[ssl]\n"
         "system_default = tls\n"
         "[tls]\n"
         "MinProtocol = TLSv1.3\n"
         "Ciphersuites = " + limits.suites + "\n"
         "Groups = " + limits.groups + "\n"
         "SignatureAlgorithms = " + limits.signatures + "\n";
}

Result<void> enter_tls_profile(TlsProfile profile, const std::string& path, char** arguments) {
  const std::string text = openssl_conf(profile);
  const std::string mark = path + "#" + (profile == TlsProfile::kSm ? "sm" : "intl");
  const char* entered = std::getenv(kMark);
  const char* conf = std::getenv("OPENSSL_CONF");
  if (entered && mark == entered && conf && path == conf) {
    unsetenv(kMark);  // children enter their own
    return {};
  }
  VG_CHECK(write_file(path, text));
  if (setenv("OPENSSL_CONF", path.c_str(), 1) != 0 || setenv(kMark, mark.c_str(), 1) != 0)
    return Error(ErrorCode::kInternal, "the environment cannot be set");
  execv("/proc/self/exe", arguments);
  return Error(ErrorCode::kInternal, std::string("cannot execute this program again: ") + std::strerror(errno));
}

Result<void> check_negotiated(TlsProfile profile, const std::string& version, const std::string& suite) {
  if (version != "TLSv1.3" || !listed(tls_limits(profile).suites, suite))
    return Error(ErrorCode::kUntrusted, "negotiated " + version + " with " + suite + ", which the profile does not allow");
  return {};
}

}  // namespace veilgate::uplink
