#pragma once
// What a camera's stream really is: codec, size, frames per second and keyframe gap, measured over a few seconds of the
// compressed stream. Nothing is decoded and nothing is kept. Run after a preflight that passed.
// Thread word: reentrant; blocks for `span` plus the time to connect.

#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "media/camera_credentials.h"
#include "media/camera_trust.h"

namespace veilgate::media {

struct StreamFacts {
  std::string codec;           ///< "h264" | "h265" | "mjpeg"
  std::string profile;         ///< "high", "main" …; "" where the codec has none
  int width = 0;
  int height = 0;
  double fps = 0;              ///< frames seen divided by the time between the first and the last
  double keyframe_gap_s = 0;   ///< longest time between two keyframes; 0 when fewer than two came
  int frames = 0;
  int keyframes = 0;
};

struct StreamProbeRequest {
  std::string url;  ///< without user and password
  CameraCredentials credentials;
  CameraTrust* trust = nullptr;
  Millis span{5000};
  Millis connect_timeout{5000};
};

Result<StreamFacts> probe_stream(const StreamProbeRequest& request);

}  // namespace veilgate::media
