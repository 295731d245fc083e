#pragma once
// Between GStreamer's video frames and ours. Internal to pipelines/media. Thread word: reentrant.

#include <array>
#include <optional>

#include <gst/video/video.h>

#include "frame/frame.h"
#include "frame/privacy_mask.h"

namespace veilgate::media {

/// No value: the privacy mask does not know the format, so the frame must not travel on.
std::optional<PixelFormat> pixel_format(GstVideoFormat format);

/// The caps of every format that the mask knows, in system memory; for a pad template.
inline constexpr char kMaskableCaps[] =
    GST_VIDEO_CAPS_MAKE("{ I420, YV12, NV12, NV21, Y42B, Y444, GRAY8 }");

/// Maps the buffer and checks that size and format are those of `info` and that every plane lies inside the buffer
/// (gst_video_frame_map alone trusts a buffer's own metadata). False: nothing is mapped.
bool map_checked(GstVideoFrame& frame, const GstVideoInfo& info, GstBuffer* buffer, GstMapFlags flags);

/// The planes of a mapped frame, in PixelFormat's order; returns their number.
int planes_of(const GstVideoFrame& frame, PixelFormat format, std::array<WritablePlane, 3>& planes);

}  // namespace veilgate::media
