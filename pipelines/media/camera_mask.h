#pragma once
// The privacy mask that a camera's configuration asks for. Thread word: reentrant.

#include <memory>

#include "config/config.h"
#include "core/result.h"
#include "frame/privacy_mask.h"

namespace veilgate::media {

/// Zones and margin of the camera. A PTZ camera begins with the whole picture covered: its preset is not known yet.
Result<std::unique_ptr<PrivacyMask>> mask_for(const CameraConfig& camera);

}  // namespace veilgate::media
