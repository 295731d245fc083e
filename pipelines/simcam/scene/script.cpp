#include "simcam/scene/script.h"

#include <algorithm>
#include <cmath>

#include "simcam/render/noise.h"

namespace veilgate::simcam {
namespace {

constexpr float kPi = 3.14159265f;
constexpr float kStride_m = 1.36f;  // two steps
constexpr float kTurn_s = .7f;      // a body's turn at a corner; the head is there earlier
constexpr float kHeadTurn_s = .45f;
constexpr float kSettle_s = .35f;  // from walking to standing and back

float heading_of(Vec3 direction) { return std::atan2(direction.x, -direction.z); }

float turned(float from, float to, float share) {
  const float way = std::remainder(to - from, 2.f * kPi);
  return from + way * smoothstep(0.f, 1.f, share);
}

/// The lobby's people. Out of sight: beyond the corridor's corner (x < -3.6), beside the door outside (|x| >
/// 4), and at the picture's sides near the camera.
std::vector<Visit> lobby_visits() {
  using enum Look;
  return {
      // A resident comes out of the corridor, reads the camera's face of the gate, and leaves by the door.
      {0,
       0.0f,
       1.25f,
       {{-4.1f, 6.7f},
        {-2.5f, 6.1f},
        {-.75f, 3.9f},
        {-.35f, 1.88f, 3.2f, kAtCamera},
        {-.55f, 4.6f},
        {-.40f, 9.2f},
        {1.5f, 11.2f},
        {5.6f, 11.6f}}},
      // A visitor comes in by the door, crosses the resident, looks up near the camera, and goes out to the
      // right.
      {1,
       1.0f,
       1.30f,
       {{3.6f, 10.6f},
        {-.1f, 9.6f},
        {-.30f, 7.2f},
        {.55f, 4.6f},
        {.52f, 1.95f, 2.4f, kAtCamera},
        {1.5f, 2.6f},
        {2.9f, 2.5f}}},
      // One who paces to and fro and leaves where she came from.
      {2,
       6.0f,
       1.15f,
       {{2.75f, 3.3f},
        {1.2f, 4.1f},
        {-1.2f, 4.4f, .8f, kAround},
        {1.25f, 4.7f, .8f, kAround},
        {-1.25f, 4.5f, .6f},
        {1.2f, 4.2f, .8f, kAround},
        {-.9f, 4.6f, 1.4f, kAtCamera},
        {1.0f, 3.6f},
        {2.8f, 3.1f}}},
      // One who waits in the middle, looking down, then around, and goes into the corridor.
      {3,
       12.0f,
       1.10f,
       {{4.2f, 11.2f},
        {-.2f, 10.0f},
        {-.35f, 7.2f},
        {.35f, 5.5f, 6.5f, kDown},
        {.30f, 5.2f, 3.5f, kAround},
        {.05f, 2.3f, 1.8f, kAtCamera},
        {-1.6f, 5.4f},
        {-2.6f, 6.3f},
        {-4.2f, 6.7f}}},
      // The resident comes back within the minute, for a second look.
      {0,
       31.0f,
       1.30f,
       {{4.5f, 11.2f},
        {.2f, 10.4f},
        {-.35f, 8.0f},
        {-.15f, 4.8f},
        {.15f, 1.88f, 2.6f, kAtCamera},
        {-1.2f, 4.6f},
        {-2.6f, 6.2f},
        {-4.2f, 6.7f}}},
      // Two who meet: one from the corridor, one from the door, passing close.
      {4,
       36.0f,
       1.20f,
       {{-4.1f, 6.8f},
        {-2.4f, 6.0f},
        {-.6f, 4.6f},
        {.9f, 4.0f},
        {.70f, 2.15f, 1.5f, kAtCamera},
        {1.6f, 2.7f},
        {2.9f, 2.6f}}},
      {1,
       38.0f,
       1.25f,
       {{2.9f, 2.6f}, {.6f, 3.4f}, {-.5f, 5.6f}, {-.4f, 9.2f}, {1.8f, 11.3f}, {5.4f, 11.8f}}},
  };
}

}  // namespace

Script Script::lobby(std::uint32_t seed, float coverings, Cast cast) {
  Script script;
  if (cast == Cast::kNobody) return script;
  Variety variety;
  variety.coverings = coverings;
  constexpr int kPeople = 5;
  for (int i = 0; i < kPeople; ++i) {
    Dice dice(seed * 31u + static_cast<std::uint32_t>(i));
    Actor actor;
    actor.identity = make_identity(hash(seed * 977u + static_cast<std::uint32_t>(i) * 131u + 5u), variety);
    actor.unit_m = .12f * dice.between(.95f, 1.05f);
    script.actors_.push_back(actor);
  }
  Dice dice(seed + 17u);
  for (Visit visit : lobby_visits()) {
    visit.speed *= dice.between(.96f, 1.04f);
    for (std::size_t i = 1; i + 1 < visit.stops.size(); ++i) visit.stops[i].x += dice.between(-.06f, .06f);
    script.add(visit);
  }
  for (const Walk& walk : script.walks_)
    script.period_s_ = std::max(script.period_s_, walk.legs.back().to_s + 1.f);
  return script;
}

void Script::add(const Visit& visit) {
  Walk walk{visit.actor, {}};
  float t = visit.start_s, walked = 0, heading = 0;
  for (std::size_t i = 0; i < visit.stops.size(); ++i) {
    const Stop& stop = visit.stops[i];
    const Vec3 here = {stop.x, 0, stop.z};
    if (i > 0) {
      const Vec3 from = {visit.stops[i - 1].x, 0, visit.stops[i - 1].z};
      const float way = length(here - from), duration = way / visit.speed;
      heading = heading_of(here - from);
      walk.legs.push_back({t, t + duration, from, here, heading, true, Look::kAhead, walked});
      t += duration;
      walked += way;
    }
    if (stop.pause_s <= 0) continue;
    if (stop.look == Look::kAtCamera) heading = heading_of(here * -1.f);
    walk.legs.push_back({t, t + stop.pause_s, here, here, heading, false, stop.look, walked});
    t += stop.pause_s;
  }
  walks_.push_back(std::move(walk));
}

Presence Script::present(int visit, const Walk& walk, std::size_t index, float t) const {
  const Leg& leg = walk.legs[index];
  const Leg& before = walk.legs[index > 0 ? index - 1 : 0];
  const Leg& after = walk.legs[std::min(index + 1, walk.legs.size() - 1)];
  const float since = t - leg.from_s, left = leg.to_s - t;
  const float share = since / std::max(leg.to_s - leg.from_s, 1e-3f);

  Presence p;
  p.actor = walk.actor;
  p.visit = visit;
  p.at = mix(leg.from, leg.to, share);
  p.heading = turned(before.heading, leg.heading, since / kTurn_s);
  p.head_heading = turned(before.heading, leg.heading, since / kHeadTurn_s);
  if (leg.walking) {
    const float walked = leg.walked_before + share * length(leg.to - leg.from);
    float effort = 1;
    if (!before.walking || index == 0) effort = std::min(effort, since / kSettle_s);
    if (!after.walking) effort = std::min(effort, left / kSettle_s);
    p.gait = {2.f * kPi * walked / kStride_m, clamp(effort, 0.f, 1.f)};
  }
  const float eased = smoothstep(0.f, .5f, since) * smoothstep(0.f, .5f, left);
  if (leg.look == Look::kDown) p.head_down = .42f * eased;
  if (leg.look == Look::kAround) p.head_heading += .75f * eased * std::sin(since * 2.4f);
  if (leg.look == Look::kAtCamera && since > 1.2f && left > .4f)
    p.mouth_open = std::sin(since * 9.f) > .2f && walk.actor % 2 == 1 ? .5f : 0.f;
  // A blink of 0.2 s every 2.6 to 4 s.
  const float rhythm = 2.6f + .35f * static_cast<float>(walk.actor);
  if (std::fmod(t + .9f * static_cast<float>(visit), rhythm) < .2f) p.blink = 1;
  return p;
}

std::vector<Presence> Script::at(double seconds) const {
  const auto t = static_cast<float>(std::fmod(seconds, static_cast<double>(period_s_)));
  std::vector<Presence> present_now;
  for (std::size_t v = 0; v < walks_.size(); ++v) {
    const auto& legs = walks_[v].legs;
    if (t < legs.front().from_s || t >= legs.back().to_s) continue;
    std::size_t leg = 0;
    while (leg + 1 < legs.size() && t >= legs[leg].to_s) ++leg;
    present_now.push_back(present(static_cast<int>(v), walks_[v], leg, t));
  }
  return present_now;
}

}  // namespace veilgate::simcam
