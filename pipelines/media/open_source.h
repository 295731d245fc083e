#pragma once
// Opens the frames of a configured camera: file or V4L2 device here, RTSP behind the same door. Every frame that comes
// out has passed the mask element; the lane proves it once more with PrivacyMask::apply.
//
// The pipeline is a .pipeline description (pipelines/*.pipeline, or the file named in the configuration); one in which
// data could avoid the mask is refused (media/graph_guard.h).
//
// Thread word: reentrant. The source borrows mask and clock: they must outlive it.

#include <memory>
#include <string>

#include "config/config.h"
#include "core/clock.h"
#include "core/result.h"
#include "frame/frame_source.h"
#include "frame/privacy_mask.h"

namespace veilgate::media {

enum class Pace {
  kLive,                ///< newest frame only; what analysis does not take in time is dropped and counted
  kAsFastAsPossible,    ///< files: every frame, no waiting (offline analysis, tests)
  kRealtime,            ///< files: at the speed of their timestamps; late frames are dropped and counted
};

enum class TimeBase {
  kWall,   ///< FrameInfo.time is the wall clock at decoding
  kMedia,  ///< FrameInfo.time is media_start + presentation time: the same input gives the same times
};

struct OpenOptions {
  Pace pace = Pace::kLive;
  TimeBase time_base = TimeBase::kWall;
  UtcTime media_start{};             ///< for TimeBase::kMedia
  std::string credentials_dir;       ///< where `source.credentials` is looked up
  const Clock* clock = nullptr;      ///< nullptr: the machine's
  Millis online_limit{2000};         ///< `online` means a decoded frame younger than this
};

/// Errors: kNotFound (file, device, description), kInvalidInput (not a video we know; a description the guard refuses,
/// naming the element), kUntrusted (data could avoid the mask), kMissingPart (a GStreamer plugin, naming its package).
Result<std::unique_ptr<FrameSource>> open_source(const CameraConfig& camera, PrivacyMask& mask,
                                                 const OpenOptions& options);

}  // namespace veilgate::media
