#pragma once
// A gateway and its platform for tests: fixed test keys, a fake clock, sealers for each lane, and the
// platform's trust. Thread word: thread-bound.

#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "crypto/sm2.h"
#include "envelope/envelope_sealer.h"
#include "envelope/trust.h"

namespace veilgate::testing_support {

/// A test key: the scalar is `fill` repeated.
inline Bytes test_scalar(std::uint8_t fill) { return Bytes(32, fill); }

class SealedGateway {
 public:
  explicit SealedGateway(const std::string& gateway = "gw-0001") : gateway_(gateway) {
    trust.add(TrustedSigner{gateway_, Lane::kSurveillance, surveillance_key.verifying_key(), {}});
    trust.add(TrustedSigner{gateway_, Lane::kVerification, verification_key.verifying_key(), {}});
    trust.add(TrustedSigner{gateway_, Lane::kUplink, uplink_key.verifying_key(), {}});
    trust.add(RecipientKey{platform_key, {}});
  }

  const SigningKey& key_of(Lane lane) const {
    return lane == Lane::kSurveillance ? surveillance_key
           : lane == Lane::kUplink     ? uplink_key
                                       : verification_key;
  }
  EnvelopeSealer sealer(Lane lane = Lane::kSurveillance) { return sealer(settings(lane)); }
  EnvelopeSealer sealer(const EnvelopeSealer::Settings& with) {
    return EnvelopeSealer::create(with, key_of(with.lane), platform_key.encryption_key(), clock).value();
  }
  EnvelopeSealer::Settings settings(Lane lane = Lane::kSurveillance) const {
    return EnvelopeSealer::Settings{lane, gateway_, topics};
  }
  Message message(MessageClass klass, const std::string& payload,
                  const std::string& camera = "gate-east") const {
    return {klass,
            camera,
            topics.surveillance_events(camera),
            "r-" + std::to_string(payload.size()),
            "application/json",
            Bytes(payload.begin(), payload.end())};
  }

  SigningKey surveillance_key = SigningKey::from_scalar(test_scalar(0x11)).value();
  SigningKey verification_key = SigningKey::from_scalar(test_scalar(0x22)).value();
  SigningKey uplink_key = SigningKey::from_scalar(test_scalar(0x33)).value();
  DecryptionKey platform_key = DecryptionKey::from_scalar(test_scalar(0x44)).value();
  FakeClock clock{UtcTime{std::chrono::hours(24 * 365 * 56)}};
  TopicScheme topics = TopicScheme::create("veilgate/v1", "estate-07", "gw-0001").value();
  Trust trust;

 private:
  GatewayId gateway_;
};

}  // namespace veilgate::testing_support
