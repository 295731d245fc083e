#pragma once
// From an appsink's sample to a RawFrame. The frame keeps the mapped buffer; nothing is copied.
// Internal to pipelines/media. Thread word: reentrant.

#include <gst/gst.h>

#include "core/result.h"
#include "frame/frame.h"
#include "media/guarded_pipeline.h"

namespace veilgate::media {

/// kUntrusted when the buffer does not carry the mask's stamp; kInvalidInput when it does not fit its caps.
Result<RawFrame> frame_from_sample(GstSample* sample, const FrameTimer& timer);

}  // namespace veilgate::media
