#pragma once
// Pictures to coded access units. Thread word: thread-bound.

#include <cstdint>
#include <memory>
#include <vector>

#include "core/result.h"
#include "simcam/serve/faults.h"

namespace veilgate::simcam {

/// One coded picture: H.264 or H.265 byte stream with its parameter sets on keyframes, or one JPEG image.
struct AccessUnit {
  std::shared_ptr<const std::vector<std::uint8_t>> bytes;
  bool keyframe = false;
};

class Encoder {
 public:
  struct Settings {
    Codec codec = Codec::kH264;
    PictureSize size;
    int fps = 15;
    int bitrate_kbit = 0;  ///< 0 = fit for the size
  };
  static Result<std::unique_ptr<Encoder>> create(const Settings& settings);
  ~Encoder();

  enum class Kind { kAny, kKeyframe };
  /// One picture in, one access unit out; no picture refers to a later one.
  Result<AccessUnit> encode(const std::vector<std::uint8_t>& i420, Kind kind);
  const Settings& settings() const { return settings_; }

 private:
  struct Pipeline;
  Encoder(Settings settings, std::unique_ptr<Pipeline> pipeline);

  Settings settings_;
  std::unique_ptr<Pipeline> pipeline_;
  std::uint64_t count_ = 0;
};

}  // namespace veilgate::simcam
