#pragma once
// A GstRTSPMedia whose RTCP sender reports carry a wall clock that is off by as much as one likes.
// Thread word: thread-safe; the skew is read by streaming threads.

#include <atomic>

#include <gst/rtsp-server/rtsp-server.h>

namespace veilgate::simcam {

/// For gst_rtsp_media_factory_set_media_gtype.
GType skewed_media_type();
/// Once per media, before it is prepared. `skew_s` must outlive the media.
void set_skew(GstRTSPMedia* media, const std::atomic<double>* skew_s);

}  // namespace veilgate::simcam
