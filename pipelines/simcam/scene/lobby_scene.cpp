#include "simcam/scene/lobby_scene.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

namespace veilgate::simcam {
namespace {

constexpr float kPi = 3.14159265f;
constexpr std::size_t kNoiseTable = 1 << 16;
/// How near people come, and so how large a head may get.
constexpr float kNearest_m = 1.9f;
/// Cosine of the turn up to which something of a face is seen: a little more than a profile.
constexpr float kProfile = -.18f;

int step_of(float angle, int steps) {
  const int step = static_cast<int>(std::lround(angle / (2.f * kPi) * static_cast<float>(steps))) % steps;
  return step < 0 ? step + steps : step;
}

/// Angle at which a heading is seen from the camera: 0 = coming straight at it, > 0 = facing the picture's
/// right.
float seen_angle(Vec3 at, float heading) {
  const Vec3 to_camera = normalized(at * -1.f);
  const Vec3 facing = {std::sin(heading), 0, -std::cos(heading)};
  return std::atan2(-facing.x * to_camera.z + facing.z * to_camera.x, dot(facing, to_camera));
}

/// How far below its origin a body sprite's soles are, head units on the picture.
float soles_below_origin() { return -projected(kBodyLens, rotation_x(kElevation) * Vec3{0, kSolesY, 0}).y; }

double degrees(double radians) { return std::remainder(radians, 2.0 * M_PI) * 180.0 / M_PI; }

std::vector<std::int8_t> make_noise(float deviation, std::uint32_t seed) {
  Dice dice(seed + 99u);
  std::vector<std::int8_t> table(kNoiseTable);
  for (auto& value : table)
    value = static_cast<std::int8_t>(std::lround(clamp(dice.normal() * deviation, -20.f, 20.f)));
  return table;
}

}  // namespace

Result<std::unique_ptr<LobbyScene>> LobbyScene::create(Settings settings) {
  const PictureSize s = settings.size;
  if (s.width % 2 || s.height % 2 || s.width < 160 || s.height < 90 || s.width > 3840 || s.height > 2160)
    return Error(ErrorCode::kInvalidInput, "picture size: even numbers from 160x90 to 3840x2160");
  if (settings.fps < 1 || settings.fps > 60)
    return Error(ErrorCode::kInvalidInput, "frames per second: 1 to 60");
  return std::unique_ptr<LobbyScene>(new LobbyScene(std::move(settings)));
}

LobbyScene::LobbyScene(Settings settings)
    : settings_(std::move(settings)),
      view_(settings_.size),
      backdrop_(paint_lobby(view_)),
      script_(Script::lobby(settings_.seed, settings_.coverings, settings_.cast)),
      noise_(make_noise(settings_.noise, settings_.seed)),
      sprites_(script_.actors(), {.12f * view_.focal() / kNearest_m, settings_.cache_directory, 2}) {
  request_sprites();
}

std::uint64_t LobbyScene::period_frames() const {
  return static_cast<std::uint64_t>(std::floor(script_.period_s() * static_cast<float>(settings_.fps)));
}

void LobbyScene::request_sprites() {
  std::set<HeadKey> heads;
  std::set<BodyKey> bodies;
  for (std::uint64_t n = 0; n < period_frames(); ++n)
    for (const Presence& p : script_.at(static_cast<double>(n) / settings_.fps)) {
      const HeadKey head = head_key(p);
      const BodyKey body = body_key(p);
      if (heads.insert(head).second) sprites_.prefetch({head}, {});
      if (bodies.insert(body).second) sprites_.prefetch({}, {body});
    }
}

int LobbyScene::distance_step(const Presence& p) const {
  const float scale = view_.project(p.at + Vec3{0, 1.6f, 0}).pixels_per_metre *
                      script_.actors()[static_cast<std::size_t>(p.actor)].unit_m;
  const float shrink = sprites_.settings().pixels_per_unit / std::max(scale, .1f);
  return std::clamp(static_cast<int>(std::floor(std::log2(shrink) + .12f)), 0, kDistances - 1);
}

HeadKey LobbyScene::head_key(const Presence& p) const {
  HeadKey key{p.actor, distance_step(p), step_of(seen_angle(p.at, p.head_heading), kHeadYawSteps), 0, 0, 0};
  key.pitch = std::clamp(static_cast<int>(std::lround(p.head_down / .14f)), 0, kPitchSteps - 1);
  const int from_front = std::min(key.yaw, kHeadYawSteps - key.yaw);
  if (from_front < 14) {  // eyes and mouth are out of sight from further round
    key.blink = p.blink > .5f;
    key.mouth = p.mouth_open > .25f;
  }
  return key;
}

BodyKey LobbyScene::body_key(const Presence& p) const {
  BodyKey key{p.actor, distance_step(p), step_of(seen_angle(p.at, p.heading), kBodyYawSteps), 0, 0};
  key.effort = static_cast<int>(std::lround(p.gait.effort * (kGaitEfforts - 1)));
  if (key.effort > 0) key.phase = step_of(p.gait.phase, kGaitPhases);
  return key;
}

void LobbyScene::prepare(const std::function<void(double)>& progress) {
  const std::size_t all = sprites_.outstanding();
  for (std::uint64_t n = 0; n < period_frames(); ++n) {
    (void)figures_at(static_cast<double>(n) / settings_.fps);
    if (n % static_cast<std::uint64_t>(settings_.fps) == 0 && all > 0)
      progress(1.0 - static_cast<double>(sprites_.outstanding()) / static_cast<double>(all));
  }
  progress(1);
}

LobbyScene::Figure LobbyScene::place(const Presence& p) {
  const Actor& actor = script_.actors()[static_cast<std::size_t>(p.actor)];
  const BodyKey body = body_key(p);
  Figure f;
  f.presence = p;
  f.head_key = head_key(p);
  f.keep_head = sprites_.head(f.head_key);
  f.keep_body = sprites_.body(body);
  const float standing = -kSolesY * actor.unit_m;
  const float sink =
      make_skeleton(gait_of(body), actor.identity.shoulder_width, actor.identity.build).sink * actor.unit_m;
  const auto origin = view_.project(p.at + Vec3{0, standing, 0});
  const auto head = view_.project(p.at + Vec3{0, standing - sink, 0});
  const auto feet = view_.project(p.at);
  const float scale = head.pixels_per_metre * actor.unit_m;
  f.feet_x = static_cast<float>(feet.at.x);
  f.feet_y = static_cast<float>(feet.at.y);
  f.radius_px = .5f * feet.pixels_per_metre;
  const auto x = static_cast<float>(head.at.x);
  f.head = {f.keep_head.get(), x, static_cast<float>(head.at.y), scale, scale, p.at.z};
  // Planted: the soles land where the floor is, whatever the tilt does to upright lines.
  const float stretch = static_cast<float>(feet.at.y - origin.at.y) / soles_below_origin();
  f.body = {f.keep_body.get(), x, static_cast<float>(origin.at.y), scale, stretch, p.at.z};
  return f;
}

std::vector<LobbyScene::Figure> LobbyScene::figures_at(double seconds) {
  std::vector<Figure> figures;
  for (const Presence& p : script_.at(seconds)) figures.push_back(place(p));
  std::stable_sort(figures.begin(), figures.end(),
                   [](const Figure& a, const Figure& b) { return a.presence.at.z > b.presence.at.z; });
  return figures;
}

FrameTruth LobbyScene::render(std::uint64_t number, std::uint8_t* i420) {
  const std::uint64_t in_period = number % period_frames();
  const double seconds = static_cast<double>(in_period) / settings_.fps;
  std::memcpy(i420, backdrop_.i420.data(), backdrop_.i420.size());
  const std::size_t pixels =
      static_cast<std::size_t>(settings_.size.width) * static_cast<std::size_t>(settings_.size.height);
  Frame frame{settings_.size, i420, i420 + pixels, i420 + pixels + pixels / 4};
  const std::vector<Figure> figures = figures_at(seconds);
  for (const Figure& f : figures) {
    draw_reflection(f.body, f.feet_y, backdrop_, frame);
    draw_shadow(f.feet_x, f.feet_y, f.radius_px * 1.1f, f.radius_px * .42f, .34f, backdrop_, frame);
    draw_shadow(f.feet_x, f.feet_y, f.radius_px * .55f, f.radius_px * .20f, .45f, backdrop_, frame);
  }
  FrameTruth truth{number, static_cast<double>(number) / settings_.fps, {}};
  for (std::size_t i = 0; i < figures.size(); ++i) {
    draw(figures[i].body, backdrop_, frame);
    draw(figures[i].head, backdrop_, frame);
    PersonOnPicture person = truth_of(figures, i);
    if (person.visibility > 0) truth.people.push_back(std::move(person));
  }
  add_noise(in_period, frame.y);
  return truth;
}

double LobbyScene::visible_share(const std::vector<Figure>& figures, std::size_t index, const Extent& area,
                                 bool whole) const {
  constexpr int kColumns = 12, kRows = 20;
  const Figure& own = figures[index];
  int total = 0, seen = 0;
  for (int i = 0; i < kColumns * kRows; ++i) {
    const float x = mix(area.left, area.right, (static_cast<float>(i % kColumns) + .5f) / kColumns);
    const float y = mix(area.top, area.bottom, (static_cast<float>(i / kColumns) + .5f) / kRows);
    if (coverage_at(own.head, x, y) < .5f && (!whole || coverage_at(own.body, x, y) < .5f)) continue;
    ++total;
    if (x < 0 || y < 0 || x >= static_cast<float>(settings_.size.width) ||
        y >= static_cast<float>(settings_.size.height))
      continue;
    const std::size_t at = static_cast<std::size_t>(y) * static_cast<std::size_t>(settings_.size.width) +
                           static_cast<std::size_t>(x);
    bool hidden = backdrop_.depth[at] < own.presence.at.z - .12f;
    for (std::size_t nearer = index + 1; nearer < figures.size() && !hidden; ++nearer)
      hidden = coverage_at(figures[nearer].head, x, y) > .5f || coverage_at(figures[nearer].body, x, y) > .5f;
    if (!hidden) ++seen;
  }
  return total == 0 ? 0 : static_cast<double>(seen) / total;
}

PersonOnPicture LobbyScene::truth_of(const std::vector<Figure>& figures, std::size_t index) const {
  const Figure& f = figures[index];
  const Identity& who = script_.actors()[static_cast<std::size_t>(f.presence.actor)].identity;
  PersonOnPicture person;
  person.id = f.presence.actor + 1;
  person.visit = f.presence.visit + 1;
  person.depth_m = f.presence.at.z;
  person.masked = who.face_mask;
  person.feet = {f.feet_x, f.feet_y};
  const Extent head = extent_of(f.head), body = extent_of(f.body);
  const Extent all = {std::min(head.left, body.left), head.top, std::max(head.right, body.right),
                      body.bottom};
  person.visibility = visible_share(figures, index, all, true);
  person.body = intersect(
      {all.left, all.top, all.right - all.left, all.bottom - all.top},
      {0, 0, static_cast<double>(settings_.size.width), static_cast<double>(settings_.size.height)});
  const HeadPose pose = pose_of(f.head_key);
  const FaceTruth face = face_truth(HeadFigure(who, pose), kHeadLens);
  if (face.facing < kProfile) return person;
  const auto on_picture = [&](float u, float v) {
    return Point{f.head.x + u * f.head.scale_x, f.head.y - v * f.head.scale_y};
  };
  FaceOnPicture seen;
  const Point top_left = on_picture(face.left, face.top), bottom_right = on_picture(face.right, face.bottom);
  seen.box = {top_left.x, top_left.y, bottom_right.x - top_left.x, bottom_right.y - top_left.y};
  for (std::size_t i = 0; i < 5; ++i)
    seen.landmarks[i] = on_picture(face.landmarks[i].x, face.landmarks[i].y);
  seen.yaw = degrees(pose.yaw);
  seen.pitch = degrees(pose.pitch);
  seen.roll = degrees(pose.roll);
  seen.blink = pose.blink;
  seen.visibility = visible_share(figures, index,
                                  {static_cast<float>(top_left.x), static_cast<float>(top_left.y),
                                   static_cast<float>(bottom_right.x), static_cast<float>(bottom_right.y)},
                                  false);
  person.face = seen;
  return person;
}

void LobbyScene::add_noise(std::uint64_t number, std::uint8_t* luma) const {
  const int w = settings_.size.width;
  for (int y = 0; y < settings_.size.height; ++y) {
    const std::uint32_t roll = hash(
        settings_.seed ^ hash(static_cast<std::uint32_t>(number) * 8191u + static_cast<std::uint32_t>(y)));
    const std::int8_t* noise = noise_.data() + roll % (kNoiseTable - 4096);
    std::uint8_t* row = luma + static_cast<std::size_t>(y) * static_cast<std::size_t>(w);
    for (int x = 0; x < w; ++x) row[x] = static_cast<std::uint8_t>(std::clamp(row[x] + noise[x], 16, 235));
  }
}

}  // namespace veilgate::simcam
