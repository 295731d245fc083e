#include "media/camera_mask.h"

namespace veilgate::media {

Result<std::unique_ptr<PrivacyMask>> mask_for(const CameraConfig& camera) {
  PrivacyMask::Settings settings;
  settings.margin_px = camera.privacy_margin_px;
  for (const ZoneConfig& zone : camera.privacy_masks) settings.zones.push_back({zone.id, zone.polygon});
  auto mask = PrivacyMask::create(std::move(settings));
  if (!mask) return mask.error().with_context("camera '" + camera.id.get() + "'");
  if (camera.ptz) (*mask)->cover_everything(true);
  return mask;
}

}  // namespace veilgate::media
