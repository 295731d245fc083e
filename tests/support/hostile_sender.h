#pragma once
// A sender under a session key we made ourselves: what only a broken or hostile gateway could produce. Writes
// records field by field, without EnvelopeSealer. Thread word: thread-bound.

#include <functional>
#include <optional>

#include "envelope/record.h"
#include "envelope/session_key.h"
#include "support/sealed_gateway.h"

namespace veilgate::testing_support {

class HostileSender {
 public:
  using Change = std::function<void(RecordHeader&)>;

  /// `change` is applied before the key is derived and the record signed.
  explicit HostileSender(SealedGateway& gateway, std::uint8_t id = 0x99, const Change& change = {})
      : gateway_(gateway), secret_(Bytes(32, 0x77)) {
    header_.type = RecordType::kSession;
    header_.is_signed = true;
    header_.message_class = MessageClass::kFace;
    header_.session.fill(id);
    header_.time = gateway.clock.now();
    header_.recipient = gateway.platform_key.id();
    header_.signer = gateway.surveillance_key.id();
    header_.gateway = GatewayId("gw-0001");
    header_.topic = gateway.topics.keys(Lane::kSurveillance, MessageClass::kFace);
    if (change) change(header_);
    key_.emplace(SessionKey::derive(SecretBytes::copy_of(secret_), header_).value());
    header_.commitment = key_->commitment();
    session_ = finish(header_, gateway.platform_key.encryption_key().encrypt(secret_).value());
  }

  const Bytes& session() const { return session_; }
  Bytes data(std::uint64_t sequence, const Digest& previous, RecordType type = RecordType::kData,
             const Bytes& body = {1}) {
    RecordHeader header = header_;
    header.type = type;
    header.is_signed = type != RecordType::kData;
    header.sequence = sequence;
    header.previous = previous;
    return finish(header, key_->seal(sequence, encode_header(header).value(), body).value());
  }
  /// The session record with its header changed after the key was derived, signed again.
  Bytes session_with(const Change& change, const SigningKey* key = nullptr) {
    RecordHeader header = header_;
    change(header);
    const auto parsed = UnverifiedRecord::parse(session_).value();
    return finish(header, Bytes(parsed.body().begin(), parsed.body().end()), key);
  }
  Bytes session_with_body(Bytes body) { return finish(header_, body); }

 private:
  Bytes finish(const RecordHeader& header, const Bytes& body, const SigningKey* key = nullptr) {
    Bytes wire = encode_unsigned(encode_header(header).value(), body);
    const auto signature = (key ? *key : gateway_.surveillance_key).sign(wire).value();
    append_signature(wire, header.is_signed ? &signature : nullptr);
    return wire;
  }

  SealedGateway& gateway_;
  Bytes secret_;
  RecordHeader header_;
  std::optional<SessionKey> key_;
  Bytes session_;
};

}  // namespace veilgate::testing_support
