#pragma once
// Sprites by what they show, rendered when first needed. Workers render ahead in the order in which the
// script will ask; a folder keeps them from one start to the next. What a sprite looks like depends on its
// key alone, so frames are the same however it came about.
//
// Thread word: thread-safe.

#include <compare>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "simcam/scene/script.h"
#include "simcam/scene/sprite.h"

namespace veilgate::simcam {

inline constexpr int kHeadYawSteps = 72;  ///< 5° each
inline constexpr int kBodyYawSteps = 24;  ///< 15° each
inline constexpr int kGaitPhases = 8;
inline constexpr int kGaitEfforts = 3;  ///< standing, half a stride, a full stride
inline constexpr int kDistances = 3;    ///< full, half and quarter resolution
inline constexpr int kPitchSteps = 4;   ///< 8° each, from the camera's own 8° on

/// What a head or body sprite shows. Angles as seen from the camera; each step of `distance` halves the
/// resolution, for people who are that much farther away.
struct HeadKey {
  int actor = 0, distance = 0, yaw = 0, pitch = 0, blink = 0, mouth = 0;
  auto operator<=>(const HeadKey&) const = default;
};
struct BodyKey {
  int actor = 0, distance = 0, yaw = 0, phase = 0, effort = 0;
  auto operator<=>(const BodyKey&) const = default;
};

HeadPose pose_of(const HeadKey& key);
Gait gait_of(const BodyKey& key);
float body_yaw_of(const BodyKey& key);
/// The camera looks down on people by about this much, radians.
inline constexpr float kElevation = .14f;
inline constexpr Lens kHeadLens{18};
inline constexpr Lens kBodyLens{28};

class SpriteStore {
 public:
  struct Settings {
    float pixels_per_unit = 64;   ///< of heads; bodies are rendered at 0.55 of it
    std::string cache_directory;  ///< empty = none; created when absent
    int workers = 2;
  };
  /// `actors` must outlive the store.
  SpriteStore(const std::vector<Actor>& actors, Settings settings);
  ~SpriteStore();
  SpriteStore(const SpriteStore&) = delete;
  SpriteStore& operator=(const SpriteStore&) = delete;

  /// Waits for the sprite when a worker has it in hand, renders it otherwise.
  std::shared_ptr<const Sprite> head(const HeadKey& key);
  std::shared_ptr<const Sprite> body(const BodyKey& key);

  /// To be rendered in the background, in this order, after what was asked for before.
  void prefetch(const std::vector<HeadKey>& heads, const std::vector<BodyKey>& bodies);
  /// Sprites asked for and not there yet.
  std::size_t outstanding();
  const Settings& settings() const { return settings_; }

 private:
  struct Key {
    int kind, actor, distance, a, b, c, d;
    auto operator<=>(const Key&) const = default;
  };
  static Key key_of(const HeadKey& k) { return {0, k.actor, k.distance, k.yaw, k.pitch, k.blink, k.mouth}; }
  static Key key_of(const BodyKey& k) { return {1, k.actor, k.distance, k.yaw, k.phase, k.effort, 0}; }

  std::shared_ptr<const Sprite> get(const Key& key);
  Sprite make(const Key& key) const;
  Sprite render(const Key& key) const;
  std::string cache_file(const Key& key) const;
  void work();

  const std::vector<Actor>& actors_;
  const Settings settings_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, std::shared_ptr<const Sprite>> sprites_;  // a null entry: in somebody's hands
  std::vector<Key> wanted_;
  std::size_t next_wanted_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace veilgate::simcam
