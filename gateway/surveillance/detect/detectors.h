#pragma once
// The factory of face detectors: which technology, found where. `auto` is the best installed one: YuNet when
// its model file is installed, else our own network, which is embedded and always there.
//
// Errors: kMissingPart when a named detector's model is absent, with the command that installs it (exit 69);
// kUntrusted when a model file is not the one the catalogue pins. Thread word: reentrant.

#include <memory>

#include "config/config.h"
#include "core/result.h"
#include "detect/face_detector.h"
#include "models/search_path.h"

namespace veilgate::surveillance {

Result<std::unique_ptr<FaceDetector>> make_detector(const DetectorConfig& config,
                                                    const ModelSearchPath& models);

}  // namespace veilgate::surveillance
