#pragma once
// The built-in scene: a residential lobby with people in it, and what is really to be seen in each frame. The
// same settings give the same frames, byte for byte, in whatever order they are asked for.
//
// Thread word: thread-bound; rendering ahead happens in threads of its own.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "simcam/scene/draw.h"
#include "simcam/scene/script.h"
#include "simcam/scene/sprite_store.h"
#include "simcam/scene/truth.h"

namespace veilgate::simcam {

class LobbyScene {
 public:
  struct Settings {
    PictureSize size;
    int fps = 15;
    std::uint32_t seed = 2;
    Cast cast = Cast::kPeople;
    float coverings = .12f;       ///< probability of face masks and headgear
    float noise = 1.6f;           ///< standard deviation of the sensor's noise, luma steps
    std::string cache_directory;  ///< of rendered sprites; empty = none
  };
  /// Refuses sizes that are odd, below 160×90 or above 3840×2160, and frame rates outside 1…60.
  static Result<std::unique_ptr<LobbyScene>> create(Settings settings);

  const Settings& settings() const { return settings_; }
  /// Frames until the scene begins again.
  std::uint64_t period_frames() const;
  std::size_t frame_bytes() const { return backdrop_.i420.size(); }

  /// Renders frame `number` into `i420` (Y, U, V, tightly packed, frame_bytes() long).
  FrameTruth render(std::uint64_t number, std::uint8_t* i420);
  /// Renders (and keeps, where there is a cache) every figure the scene will show; `progress` gets 0…1.
  void prepare(const std::function<void(double)>& progress);

 private:
  struct Figure {
    Presence presence;
    Placement head, body;
    HeadKey head_key;
    float feet_x, feet_y;
    float radius_px;  // half a metre there
    std::shared_ptr<const Sprite> keep_head, keep_body;
  };

  explicit LobbyScene(Settings settings);
  void request_sprites();
  HeadKey head_key(const Presence& p) const;
  BodyKey body_key(const Presence& p) const;
  int distance_step(const Presence& p) const;
  Figure place(const Presence& presence);
  std::vector<Figure> figures_at(double seconds);
  PersonOnPicture truth_of(const std::vector<Figure>& figures, std::size_t index) const;
  double visible_share(const std::vector<Figure>& figures, std::size_t index, const Extent& area,
                       bool whole) const;
  void add_noise(std::uint64_t number, std::uint8_t* luma) const;

  Settings settings_;
  View view_;
  Backdrop backdrop_;
  Script script_;
  std::vector<std::int8_t> noise_;
  SpriteStore sprites_;
};

}  // namespace veilgate::simcam
