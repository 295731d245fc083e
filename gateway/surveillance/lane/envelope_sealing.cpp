#include "lane/envelope_sealing.h"

#include "crypto/key_file.h"
#include "envelope/envelope_sealer.h"

namespace veilgate::surveillance {
namespace {

class EnvelopeSealing final : public Sealing {
 public:
  explicit EnvelopeSealing(EnvelopeSealer sealer) : sealer_(std::move(sealer)) {}

  Result<std::vector<ipc::Submission>> seal(const Message& message) override {
    return submissions(sealer_.seal(message));
  }
  Result<std::vector<ipc::Submission>> tick() override { return submissions(sealer_.tick()); }
  Result<std::vector<ipc::Submission>> finish() override { return submissions(sealer_.finish()); }
  std::optional<MonoTime> due() const override { return sealer_.due(); }

 private:
  static Result<std::vector<ipc::Submission>> submissions(Result<std::vector<SealedEnvelope>> records) {
    VG_TRY(const auto sealed, std::move(records));
    std::vector<ipc::Submission> out;
    for (const auto& record : sealed)
      out.push_back({record.topic(), to_string(record.header().message_class), record.wire()});
    return out;
  }
  EnvelopeSealer sealer_;
};

}  // namespace

Result<std::unique_ptr<Sealing>> open_envelope_sealing(const Config& config, const std::string& credentials_dir,
                                                       const Clock& clock) {
  VG_TRY(auto topics, TopicScheme::create(config.uplink.topic_prefix, config.site.id, config.gateway.get()));
  VG_TRY(auto key, load_signing_key(credentials_dir + "/lane-surveillance.sm2.key.pem"));
  VG_TRY(auto platform, load_encryption_key(credentials_dir + "/platform.enc.pub.pem"));
  VG_TRY(auto sealer, EnvelopeSealer::create({Lane::kSurveillance, config.gateway, std::move(topics)}, std::move(key),
                                             std::move(platform), clock));
  return std::unique_ptr<Sealing>(std::make_unique<EnvelopeSealing>(std::move(sealer)));
}

}  // namespace veilgate::surveillance
