#include "envelope/session_key.h"

#include <algorithm>

#include "crypto/hash.h"
#include "envelope/wire.h"

namespace veilgate {
namespace {
constexpr std::size_t kSaltSize = Sm4Gcm::kNonceSize;
constexpr char kInfo[] = "veilgate envelope 1";
}  // namespace

Result<SessionKey> SessionKey::derive(const SecretBytes& secret, const RecordHeader& header) {
  if (secret.size() != kSecretSize) return Error(ErrorCode::kUntrusted, "a session secret has 32 bytes");
  Bytes info;
  wire::Writer out(info);
  out.bytes(as_bytes(kInfo));
  out.u8(static_cast<std::uint8_t>(header.lane));
  out.u8(static_cast<std::uint8_t>(header.message_class));
  out.text(header.gateway.get());
  out.bytes(header.signer);
  out.bytes(header.recipient);
  SecretBytes derived(Sm4Gcm::kKeySize + kSaltSize + sizeof(KeyCommitment));
  hkdf_sm3(secret.view(), header.session, info, derived.writable());
  VG_TRY(auto cipher, Sm4Gcm::create(derived.view().first(Sm4Gcm::kKeySize)));
  KeyCommitment commitment{};
  const auto tail = derived.view().last(commitment.size());
  std::copy(tail.begin(), tail.end(), commitment.begin());
  return SessionKey(std::move(cipher),
                    SecretBytes::copy_of(derived.view().subspan(Sm4Gcm::kKeySize, kSaltSize)), commitment);
}

Sm4Gcm::Nonce SessionKey::nonce(std::uint64_t sequence) const {
  Sm4Gcm::Nonce nonce{};
  std::copy(salt_.view().begin(), salt_.view().end(), nonce.begin());
  for (std::size_t i = 0; i < 8; ++i) nonce[11 - i] ^= static_cast<std::uint8_t>(sequence >> (8 * i));
  return nonce;
}

Result<Bytes> SessionKey::seal(std::uint64_t sequence, ByteView header_bytes, ByteView plaintext) {
  Bytes sealed(plaintext.size() + Sm4Gcm::kTagSize);
  VG_CHECK(cipher_.seal(nonce(sequence), header_bytes, plaintext, sealed));
  return sealed;
}

Result<Bytes> SessionKey::open(std::uint64_t sequence, ByteView header_bytes, ByteView sealed) {
  return cipher_.open(nonce(sequence), header_bytes, sealed);
}

}  // namespace veilgate
