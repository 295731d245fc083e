#pragma once
// The role of a JPEG encoder, played by pipelines/media: this lane's results know no image library.
// Thread word: an instance is thread-bound.

#include "core/bytes.h"
#include "core/result.h"
#include "frame/scale.h"

namespace veilgate::surveillance {

class ImageEncoder {
 public:
  virtual ~ImageEncoder() = default;
  /// A baseline JPEG without any metadata (no EXIF, no thumbnail).
  virtual Result<Bytes> encode_jpeg(const BgrImage& image) = 0;
};

}  // namespace veilgate::surveillance
