#pragma once
// A worker is hostile input: its decoder reads what a camera sends. Whatever it reports must be something that its
// camera's configuration can give; anything else means that the worker is not what was started, and it ends.
// Thread word: reentrant.

#include "config/config.h"
#include "core/result.h"
#include "result/surveillance_result.h"

namespace veilgate::surveillance {

/// kUntrusted: an image where the camera sends none, an image that is no JPEG, an event of a rule that is not configured
/// or of another type or place than the rule's, dedup values other than the applied ones.
Result<void> judge_result(const CameraConfig& camera, const SurveillanceResult& result);

}  // namespace veilgate::surveillance
