#pragma once
// A picture file as a frame, for `veilgate detect` and for measuring detectors on labelled pictures. It goes
// the way of every frame: a RawFrame, which only the privacy mask turns into a MaskedFrame.
//
// Errors: kNotFound when the file cannot be read, kInvalidInput when it is not a picture. Thread word:
// reentrant.

#include <string>

#include "core/result.h"
#include "frame/frame.h"

namespace veilgate::surveillance {

/// 8-bit colour in full chroma (Y444, BT.601 limited range), whatever the file's own layout.
Result<RawFrame> read_still_image(const std::string& path);

}  // namespace veilgate::surveillance
