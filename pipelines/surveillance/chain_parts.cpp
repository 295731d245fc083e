#include "surveillance/chain_parts.h"

#include "detect/detectors.h"
#include "media/encode.h"

namespace veilgate::surveillance {
namespace {

constexpr int kCropQuality = 88;

class MediaJpegEncoder final : public ImageEncoder {
 public:
  Result<Bytes> encode_jpeg(const BgrImage& image) override {
    return media::encode_jpeg(image, kCropQuality);
  }
};

}  // namespace

Result<std::unique_ptr<PrivacyMask>> make_privacy_mask(const CameraConfig& camera) {
  PrivacyMask::Settings settings;
  for (const ZoneConfig& zone : camera.privacy_masks) settings.zones.push_back({zone.id, zone.polygon});
  settings.margin_px = camera.privacy_margin_px;
  VG_TRY(auto mask, PrivacyMask::create(std::move(settings)));
  if (camera.ptz) mask->cover_everything(true);
  return mask;
}

Result<std::unique_ptr<CameraChain>> make_camera_chain(const CameraConfig& camera, PrivacyMask& mask,
                                                       ResultSink& sink, const ChainChoices& choices) {
  VG_TRY(auto detector, make_detector(camera.detector, choices.models));
  auto encoder = camera.images == ImagePolicy::kFaceCrop ? std::make_unique<MediaJpegEncoder>() : nullptr;
  return CameraChain::create(camera, {mask, std::move(detector), sink, std::move(encoder), choices.tracks,
                                      choices.timezone, choices.seed, choices.view});
}

}  // namespace veilgate::surveillance
