#pragma once
// What a camera's chain is made of, from its configuration: the mask, the detector, the JPEG encoder. The
// same for the live worker and for offline analysis. Thread word: reentrant.

#include <memory>

#include "config/config.h"
#include "lane/camera_chain.h"
#include "models/search_path.h"

namespace veilgate::surveillance {

/// The camera's privacy zones and margin; a PTZ camera begins with the whole picture covered.
Result<std::unique_ptr<PrivacyMask>> make_privacy_mask(const CameraConfig& camera);

struct ChainChoices {
  ModelSearchPath models;
  std::string timezone;  ///< site.timezone
  ChainSeed seed{};
  TrackSink* tracks = nullptr;  ///< offline evaluation only
  ViewGuard* view = nullptr;    ///< live cameras only
};

/// Borrows mask and sink: they must outlive the chain. Errors: kMissingPart naming the command that installs
/// a model.
Result<std::unique_ptr<CameraChain>> make_camera_chain(const CameraConfig& camera, PrivacyMask& mask,
                                                       ResultSink& sink, const ChainChoices& choices);

}  // namespace veilgate::surveillance
