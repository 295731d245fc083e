#pragma once
// Where the test camera's pictures come from: the built-in scene or a video file. Both begin again at their
// end. Thread word: thread-bound.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "simcam/scene/lobby_scene.h"
#include "simcam/scene/truth.h"

namespace veilgate::simcam {

class PictureSource {
 public:
  virtual ~PictureSource() = default;
  virtual PictureSize size() const = 0;
  /// Frames until it begins again; 0 = not known yet.
  virtual std::uint64_t period_frames() const = 0;
  /// Fills `i420` (resized as needed). `number` may grow without end.
  virtual Result<FrameTruth> picture(std::uint64_t number, std::vector<std::uint8_t>& i420) = 0;
};

Result<std::unique_ptr<PictureSource>> open_lobby(LobbyScene::Settings settings);

/// Any file GStreamer can decode, scaled to `size` and `fps`.
Result<std::unique_ptr<PictureSource>> open_video(const std::string& file, PictureSize size, int fps);

}  // namespace veilgate::simcam
