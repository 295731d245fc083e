#pragma once
// The weights of our own detector, embedded at build time from models/face_detector.onnx, so that the gateway
// works without any model file. Model card: models/README.md. Thread word: reentrant.

#include <string_view>

#include "core/bytes.h"

namespace veilgate::surveillance {

ByteView own_weights();
std::string_view own_weights_sha256();  ///< 64 lower-case hex digits

}  // namespace veilgate::surveillance
