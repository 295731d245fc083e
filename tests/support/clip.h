#pragma once
// Every frame of a video file, the way the lane sees it: through the media pipeline and the privacy mask
// (without zones), media time from 1970. The link target must reach vg_media. Thread word: thread-bound.

#include <functional>
#include <string>

#include "media/open_source.h"

namespace veilgate::test {

/// Calls `visit` for every frame in order. An error when the clip cannot be opened or a frame is refused.
inline Result<void> for_each_frame(const std::string& file,
                                   const std::function<void(const MaskedFrame&)>& visit) {
  VG_TRY(const auto mask, PrivacyMask::create({}));
  CameraConfig camera;
  camera.id = CameraId("clip");
  camera.source.file = file;
  media::OpenOptions options;
  options.pace = media::Pace::kAsFastAsPossible;
  options.time_base = media::TimeBase::kMedia;
  VG_TRY(const auto source, media::open_source(camera, *mask, options));
  for (;;) {
    VG_TRY(auto raw, source->next(Millis{10'000}));
    if (!raw)
      return source->status().state == SourceState::kEnded
                 ? Result<void>{}
                 : Error(ErrorCode::kUnavailable, file + ": " + source->status().message);
    VG_TRY(const MaskedFrame frame, mask->apply(std::move(*raw)));
    visit(frame);
  }
}

}  // namespace veilgate::test
