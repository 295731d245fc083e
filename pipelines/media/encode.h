#pragma once
// Pictures for people and for face crops, encoded from pixels that came out of a MaskedFrame. Thread word: reentrant.

#include "core/bytes.h"
#include "core/result.h"
#include "frame/scale.h"

namespace veilgate::media {

/// `quality` 1…100.
Result<Bytes> encode_jpeg(const BgrImage& image, int quality);
Result<Bytes> encode_png(const BgrImage& image);

}  // namespace veilgate::media
