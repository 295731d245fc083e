#include "simcam/scene/sprite_store.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <set>
#include <utility>

#include "simcam/scene/sprite_file.h"

namespace veilgate::simcam {
namespace {

constexpr float kPi = 3.14159265f;
constexpr std::uint32_t kRendererVersion = 4;  // a change of look makes kept sprites stale: count up
constexpr float kBodyResolution = .58f;        // cloth has no fine features

}  // namespace

HeadPose pose_of(const HeadKey& key) {
  HeadPose pose;
  pose.yaw = 2.f * kPi * static_cast<float>(key.yaw) / kHeadYawSteps;
  pose.pitch = kElevation + .14f * static_cast<float>(key.pitch);
  pose.blink = static_cast<float>(key.blink);
  pose.mouth_open = .5f * static_cast<float>(key.mouth);
  return pose;
}

Gait gait_of(const BodyKey& key) {
  return {2.f * kPi * static_cast<float>(key.phase) / kGaitPhases,
          static_cast<float>(key.effort) / (kGaitEfforts - 1)};
}

float body_yaw_of(const BodyKey& key) { return 2.f * kPi * static_cast<float>(key.yaw) / kBodyYawSteps; }

SpriteStore::SpriteStore(const std::vector<Actor>& actors, Settings settings)
    : actors_(actors), settings_(std::move(settings)) {
  std::error_code ignored;  // without a cache the camera starts slower, that is all
  if (!settings_.cache_directory.empty())
    std::filesystem::create_directories(settings_.cache_directory, ignored);
  for (int i = 0; i < settings_.workers; ++i) workers_.emplace_back([this] { work(); });
}

SpriteStore::~SpriteStore() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& worker : workers_) worker.join();
}

std::shared_ptr<const Sprite> SpriteStore::head(const HeadKey& key) { return get(key_of(key)); }
std::shared_ptr<const Sprite> SpriteStore::body(const BodyKey& key) { return get(key_of(key)); }

void SpriteStore::prefetch(const std::vector<HeadKey>& heads, const std::vector<BodyKey>& bodies) {
  const std::lock_guard lock(mutex_);
  for (const auto& key : heads) wanted_.push_back(key_of(key));
  for (const auto& key : bodies) wanted_.push_back(key_of(key));
  changed_.notify_all();
}

std::shared_ptr<const Sprite> SpriteStore::get(const Key& key) {
  std::unique_lock lock(mutex_);
  if (const auto found = sprites_.find(key); found != sprites_.end()) {
    changed_.wait(lock, [&] { return found->second != nullptr; });
    return found->second;
  }
  sprites_.emplace(key, nullptr);
  lock.unlock();
  auto sprite = std::make_shared<const Sprite>(make(key));
  lock.lock();
  sprites_[key] = sprite;
  changed_.notify_all();
  return sprite;
}

void SpriteStore::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (next_wanted_ == wanted_.size()) {
      changed_.wait(lock);
      continue;
    }
    const Key key = wanted_[next_wanted_++];
    if (sprites_.contains(key)) continue;
    lock.unlock();
    (void)get(key);
    lock.lock();
  }
}

Sprite SpriteStore::make(const Key& key) const {
  if (settings_.cache_directory.empty()) return render(key);
  const std::string file = cache_file(key);
  if (auto kept = read_sprite(file)) return std::move(*kept);
  Sprite sprite = render(key);
  (void)write_sprite(file, sprite);  // a full disk costs the next start time, nothing else
  return sprite;
}

Sprite SpriteStore::render(const Key& key) const {
  const Identity& who = actors_[static_cast<std::size_t>(key.actor)].identity;
  const float resolution = settings_.pixels_per_unit / static_cast<float>(1 << key.distance);
  if (key.kind == 0) {
    const HeadFigure figure(who, pose_of({key.actor, key.distance, key.a, key.b, key.c, key.d}));
    return render_sprite(figure, {-1.75f, 1.75f, -2.2f, 1.8f, resolution, kHeadLens});
  }
  const BodyKey body{key.actor, key.distance, key.a, key.b, key.c};
  const BodyFigure figure(who, gait_of(body), body_yaw_of(body), kElevation);
  return render_sprite(figure, {-4.2f, 4.2f, -13.8f, .2f, resolution * kBodyResolution, kBodyLens});
}

std::size_t SpriteStore::outstanding() {
  const std::lock_guard lock(mutex_);
  std::size_t there = 0;
  for (const auto& [key, sprite] : sprites_) there += sprite != nullptr;
  return std::set<Key>(wanted_.begin(), wanted_.end()).size() - there;
}

std::string SpriteStore::cache_file(const Key& key) const {
  const Identity& who = actors_[static_cast<std::size_t>(key.actor)].identity;
  const auto word = [](auto value) { return static_cast<std::uint32_t>(value); };
  const std::uint32_t parts[] = {kRendererVersion,
                                 who.seed,
                                 word(who.face_mask),
                                 word(who.headgear),
                                 word(std::lround(settings_.pixels_per_unit * 64.f)),
                                 word(key.kind),
                                 word(key.distance),
                                 word(key.a),
                                 word(key.b),
                                 word(key.c),
                                 word(key.d)};
  std::uint64_t name = 14695981039346656037ull;  // FNV-1a over the words
  for (const std::uint32_t part : parts) name = (name ^ part) * 1099511628211ull;
  char text[24];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(name));
  return settings_.cache_directory + "/" + text + ".sprite";
}

}  // namespace veilgate::simcam
