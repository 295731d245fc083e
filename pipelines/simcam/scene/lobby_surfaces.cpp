#include "simcam/scene/lobby_surfaces.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "simcam/render/noise.h"

namespace veilgate::simcam::lobby {
namespace {

constexpr float kSide = 3.f, kCeiling = 2.75f, kBack = 8.6f;           // the room: |x| ≤ 3, z ≤ 8.6
constexpr float kDoorLeft = -1.7f, kDoorRight = .9f, kDoorTop = 2.3f;  // all glass
constexpr float kGapLeft = -.95f, kGapRight = .20f;                    // the wing that stands open
constexpr float kCorridorNear = 5.7f, kCorridorFar = 7.3f, kCorridorTop = 2.2f;
const Vec3 kWallColour = {.66f, .63f, .58f};
const Vec3 kWood = {.44f, .29f, .17f};

bool between(float x, float low, float high) { return x >= low && x <= high; }
bool in_rectangle(float u, float v, float u0, float u1, float v0, float v1) {
  return between(u, u0, u1) && between(v, v0, v1);
}

/// The distance at which a coordinate reaches `plane`, or nothing ahead.
float reach(float from, float along, float plane) {
  const float t = (plane - from) / along;
  return std::fabs(along) > 1e-6f && t > 1e-3f ? t : 1e9f;
}

void offer(Hit& best, float distance, Vec3 point, Vec3 normal, Vec3 colour, bool glow = false,
           float mirror = 0) {
  if (distance < best.distance) best = {distance, point, normal, colour, glow, mirror};
}

Vec3 marble(Vec3 p) {
  const float tile = .8f;
  const float u = p.x / tile, v = p.z / tile;
  const auto cell = static_cast<std::uint32_t>(cell_of(std::floor(u) * 7919.f + std::floor(v) * 104729.f));
  const float vein = noise({p.x * 2.1f, p.z * 2.1f, noise({p.x * 3, p.z * 3, 0}, 4) * 2}, 21);
  Vec3 c =
      Vec3{.60f, .575f, .535f} * (.93f + .07f * hash_unit(cell) + .05f * noise({p.x * 9, p.z * 9, 0}, 22));
  c = mix(c, Vec3{.44f, .42f, .40f}, .30f * smoothstep(.05f, 0.f, std::fabs(vein - .5f)));
  const float joint = std::min(std::fabs(u - std::round(u)), std::fabs(v - std::round(v))) * tile;
  c = mix(c, Vec3{.34f, .33f, .32f}, .7f * smoothstep(.009f, .003f, joint));
  if (in_rectangle(p.x, p.z, -1.45f, .65f, 7.1f, 8.45f))
    c = Vec3{.10f, .11f, .12f} * (.8f + .5f * noise({p.x * 60, p.z * 60, 0}, 23));
  return c;
}

/// Mountains under a round sun: a poster that belongs to nobody.
Vec3 poster(float u, float v) {
  if (!in_rectangle(u, v, .035f, .965f, .028f, .972f)) return {.12f, .10f, .09f};
  if (!in_rectangle(u, v, .09f, .91f, .07f, .93f)) return {.86f, .85f, .82f};
  Vec3 c = mix(Vec3{.90f, .72f, .50f}, Vec3{.36f, .55f, .66f}, smoothstep(.35f, .95f, v));
  const float sun = std::hypot(u - .64f, (v - .66f) * 1.25f);
  c = mix(c, Vec3{.93f, .40f, .22f}, smoothstep(.105f, .097f, sun));
  for (int ridge = 0; ridge < 3; ++ridge) {
    const auto k = static_cast<float>(ridge);
    const float height = .50f - .12f * k + .16f * (noise({u * (3.2f + k), 7.3f * k, 0}, 31) - .5f) * 2.f;
    const Vec3 tint = mix(Vec3{.35f, .50f, .52f}, Vec3{.10f, .22f, .24f}, .5f * k);
    c = mix(c, tint, smoothstep(height + .006f, height - .006f, v));
  }
  return c;
}

void outside(Vec3 o, Vec3 d, Hit& best) {
  const Vec3 sky = mix(Vec3{.92f, .94f, .95f}, Vec3{.62f, .78f, .94f}, clamp(d.y * 3.f, 0.f, 1.f));
  offer(best, 60, o + d * 60.f, {0, 0, -1}, sky, true);
  const float hedge_at = reach(o.z, d.z, 15.5f);
  const Vec3 hedge = o + d * hedge_at;
  const float top = 1.25f + .35f * noise({hedge.x * 1.3f, 0, 0}, 41) + .12f * noise({hedge.x * 7, 0, 0}, 42);
  if (hedge.y < top && hedge.y > 0) {
    const float leaf =
        .6f * noise({hedge.x * 3.1f, hedge.y * 3.4f, 0}, 43) + .4f * noise({hedge.x * 8, hedge.y * 8, 0}, 45);
    offer(best, hedge_at, hedge, {0, 0, -1}, mix(Vec3{.16f, .30f, .12f}, Vec3{.42f, .58f, .28f}, leaf), true);
  }
  const float house_at = reach(o.z, d.z, 34);
  const Vec3 house = o + d * house_at;
  if (house.y < 9.5f && house.y > 0 && house.x < 6.f) {
    const bool window = std::fmod(house.x + 60.f, 2.2f) < 1.1f && std::fmod(house.y, 2.8f) > 1.2f;
    offer(best, house_at, house, {0, 0, -1}, window ? Vec3{.50f, .60f, .68f} : Vec3{.78f, .72f, .66f}, true);
  }
  const float ground_at = reach(o.y, d.y, 0);
  const Vec3 ground = o + d * ground_at;
  if (ground.z > kBack) {
    const float slab = noise({ground.x * 1.5f, ground.z * 1.5f, 0}, 44);
    offer(best, ground_at, ground, {0, 1, 0}, Vec3{.66f, .66f, .64f} * (.9f + .15f * slab), true);
  }
}

void back_wall(Vec3 o, Vec3 d, Hit& best) {
  const float t = reach(o.z, d.z, kBack);
  const Vec3 p = o + d * t;
  if (in_rectangle(p.x, p.y, kDoorLeft, kDoorRight, 0, kDoorTop)) {
    const float bars[4] = {kDoorLeft, kGapLeft, kGapRight, kDoorRight};
    bool frame = p.y > kDoorTop - .09f;
    for (const float bar : bars) frame = frame || std::fabs(p.x - bar) < .045f;
    const bool open = between(p.x, kGapLeft, kGapRight);
    frame = frame || (!open && (p.y < .10f || std::fabs(p.y - 1.02f) < .025f));
    if (frame) return offer(best, t, p, {0, 0, -1}, {.30f, .31f, .32f}, false, .05f);
    Hit through;
    outside(o, d, through);
    if (!open) through.colour = through.colour * Vec3{.80f, .87f, .86f};
    // Glass is looked through: a person behind it is seen through it as well.
    if (through.distance < best.distance) best = through;
    return;
  }
  Vec3 c = kWallColour * (.97f + .05f * noise({p.x * 2, p.y * 2, 0}, 51));
  if (p.y < .12f) c = {.30f, .27f, .24f};
  if (in_rectangle(p.x, p.y, 1.42f, 2.42f, .92f, 2.17f))
    c = poster((p.x - 1.42f) / 1.f, (p.y - .92f) / 1.25f);
  if (in_rectangle(p.x, p.y, -2.62f, -2.12f, 1.15f, 1.85f)) {
    const float line = std::fmod(p.y * 14.f, 1.f);
    const bool text =
        line < .45f && between(p.x, -2.56f, -2.30f + .12f * hash_unit(static_cast<std::uint32_t>(cell_of(p.y * 14))));
    c = text && p.y < 1.72f ? Vec3{.35f, .36f, .40f}
        : p.y > 1.74f       ? Vec3{.16f, .32f, .50f}
                            : Vec3{.84f, .85f, .84f};
  }
  offer(best, t, p, {0, 0, -1}, c);
}

void left_wall(Vec3 o, Vec3 d, Hit& best) {
  const float t = reach(o.x, d.x, -kSide);
  const Vec3 p = o + d * t;
  if (p.z > kBack) return;
  if (in_rectangle(p.z, p.y, kCorridorNear, kCorridorFar, 0, kCorridorTop)) {
    const float far_t = std::min(reach(o.x, d.x, -kSide - 2.2f), reach(o.z, d.z, kCorridorFar));
    offer(best, far_t, o + d * far_t, {1, 0, 0}, kWallColour * .8f);
    return;
  }
  Vec3 c = kWallColour * (.97f + .05f * noise({p.z * 2, p.y * 2, 0}, 52));
  float mirror = 0;
  if (p.y < .12f) c = {.30f, .27f, .24f};
  if (in_rectangle(p.z, p.y, kCorridorNear - .08f, kCorridorFar + .08f, 0, kCorridorTop + .08f)) c = kWood;
  if (in_rectangle(p.z, p.y, 3.5f, 5.3f, .75f, 1.85f)) {  // letter boxes
    const float u = (p.z - 3.5f) / .30f, v = (p.y - .75f) / .22f;
    const float edge = std::min(std::fabs(u - std::round(u)) * .30f, std::fabs(v - std::round(v)) * .22f);
    c = Vec3{.48f, .52f, .55f} *
        (.9f + .12f * hash_unit(static_cast<std::uint32_t>(cell_of(std::floor(u) * 31 + std::floor(v)))));
    c = c * mix(.45f, 1.f, smoothstep(.004f, .014f, edge));
    const float slot_u = u - std::floor(u), slot_v = v - std::floor(v);
    if (in_rectangle(slot_u, slot_v, .2f, .8f, .66f, .78f)) c = {.10f, .10f, .11f};
    mirror = .04f;
  }
  offer(best, t, p, {1, 0, 0}, c, false, mirror);
}

void right_wall(Vec3 o, Vec3 d, Hit& best) {
  const float t = reach(o.x, d.x, kSide);
  const Vec3 p = o + d * t;
  if (p.z > kBack) return;
  Vec3 c = kWallColour * (.97f + .05f * noise({p.z * 2, p.y * 2, 0}, 53));
  bool glow = false;
  float mirror = 0;
  if (between(p.y, 0.f, 2.75f) && between(p.z, 4.15f, 8.6f) && p.y < .95f)  // panelling
    c = kWood * (.85f + .25f * noise({p.z * 14, p.y * 1.5f, 0}, 54)) *
        (std::fabs(std::fmod(p.z, .45f) - .225f) < .215f ? 1.f : .55f);
  if (p.y < .12f) c = {.26f, .22f, .18f};
  if (in_rectangle(p.z, p.y, 3.95f, 5.45f, 0, 2.2f)) {  // lift
    const bool door = in_rectangle(p.z, p.y, 4.1f, 5.3f, 0, 2.08f);
    const float brushed = .9f + .15f * noise({p.z * 90, p.y * 2, 0}, 55);
    c = door ? Vec3{.56f, .57f, .58f} * brushed : Vec3{.30f, .30f, .31f};
    if (std::fabs(p.z - 4.7f) < .008f) c = {.15f, .15f, .15f};
    mirror = door ? .12f : .03f;
  }
  if (in_rectangle(p.z, p.y, 6.3f, 7.7f, 1.05f, 2.05f)) {  // a neighbour's window: what a privacy mask is for
    const bool frame = !in_rectangle(p.z, p.y, 6.36f, 7.64f, 1.11f, 1.99f) || std::fabs(p.z - 7.f) < .03f;
    const float curtain = .5f + .5f * std::sin(p.z * 38.f);
    c = frame ? Vec3{.80f, .79f, .76f} : mix(Vec3{.86f, .66f, .40f}, Vec3{.70f, .48f, .28f}, .6f * curtain);
    glow = !frame;
  }
  offer(best, t, p, {-1, 0, 0}, c, glow, mirror);
}

void floor_and_ceiling(Vec3 o, Vec3 d, Hit& best) {
  const float down = reach(o.y, d.y, 0);
  const Vec3 p = o + d * down;
  if (p.z <= kBack) offer(best, down, p, {0, 1, 0}, marble(p), false, .10f);
  const float up = reach(o.y, d.y, kCeiling);
  const Vec3 q = o + d * up;
  if (q.z > kBack) return;
  const float nearest = std::round((q.z - 1.6f) / 2.3f) * 2.3f + 1.6f;
  const bool panel = std::fabs(q.x) < .75f && std::fabs(q.z - nearest) < .45f;
  offer(best, up, q, {0, -1, 0}, panel ? Vec3{.98f, .96f, .91f} : Vec3{.72f, .71f, .69f}, panel);
}

struct Crate {
  Vec3 low, high, colour;
};
const std::array<Crate, 4> kBench = {{{{2.35f, .40f, 6.05f}, {2.95f, .46f, 8.0f}, {.50f, .34f, .20f}},
                                      {{2.42f, 0, 6.15f}, {2.90f, .40f, 6.25f}, {.16f, .16f, .17f}},
                                      {{2.42f, 0, 7.80f}, {2.90f, .40f, 7.90f}, {.16f, .16f, .17f}},
                                      {{-2.95f, 0, 2.9f}, {-2.55f, .75f, 3.3f}, {.40f, .42f, .44f}}}};

void crate(Vec3 o, Vec3 d, const Crate& box, Hit& best) {
  const float lo[3] = {box.low.x, box.low.y, box.low.z}, hi[3] = {box.high.x, box.high.y, box.high.z};
  const float from[3] = {o.x, o.y, o.z}, along[3] = {d.x, d.y, d.z};
  float enter = 1e-3f, leave = 1e9f;
  int axis = -1;
  for (int i = 0; i < 3; ++i) {
    const float a = (lo[i] - from[i]) / along[i], b = (hi[i] - from[i]) / along[i];
    if (std::min(a, b) > enter) enter = std::min(a, b), axis = i;
    leave = std::min(leave, std::max(a, b));
  }
  if (axis < 0 || enter >= leave) return;
  Vec3 normal;
  (axis == 0 ? normal.x : axis == 1 ? normal.y : normal.z) = along[axis] > 0 ? -1.f : 1.f;
  const Vec3 p = o + d * enter;
  offer(best, enter, p, normal, box.colour * (.9f + .15f * noise({p.x * 3, p.y * 20, p.z * 3}, 56)), false,
        .03f);
}

struct Plant {
  Vec3 at;
  float height;
  std::uint32_t seed;
};
const std::array<Plant, 3> kPlants = {
    {{{-2.45f, 0, 8.05f}, 1.55f, 71}, {{1.22f, 0, 8.1f}, 1.1f, 72}, {{2.55f, 0, 3.55f}, 1.35f, 73}}};

void leaf(Vec3 o, Vec3 d, Vec3 centre, Vec3 direction, float size, Vec3 colour, Hit& best) {
  // A flat leaf: a disc squeezed across its direction.
  const Vec3 side = normalized({direction.z, 0, -direction.x});
  const Vec3 normal =
      normalized({direction.y * side.z - direction.z * side.y, direction.z * side.x - direction.x * side.z,
                  direction.x * side.y - direction.y * side.x});
  const float facing = dot(d, normal);
  if (std::fabs(facing) < 1e-4f) return;
  const float t = dot(centre - o, normal) / facing;
  if (t < 1e-3f) return;
  const Vec3 p = o + d * t, from = p - centre;
  const float along = dot(from, direction) / size, across = dot(from, side) / (size * .30f);
  if (along * along + across * across > 1) return;
  const float rib = smoothstep(.10f, .02f, std::fabs(across));
  offer(best, t, p, facing > 0 ? normal * -1.f : normal, mix(colour, colour * 1.4f, .5f * rib));
}

void plant(Vec3 o, Vec3 d, const Plant& which, Hit& best) {
  const Vec3 middle = which.at + Vec3{0, which.height * .5f, 0};
  const float along = dot(middle - o, d);
  if (length(o + d * along - middle) > which.height * .75f) return;
  crate(o, d, {which.at - Vec3{.17f, 0, .17f}, which.at + Vec3{.17f, .34f, .17f}, {.80f, .79f, .76f}}, best);
  Dice dice(which.seed);
  for (int i = 0; i < 46; ++i) {
    const float angle = dice.between(0, 6.283f), lift = dice.unit(),
                out = dice.between(.05f, .26f) + .22f * (1 - lift);
    const Vec3 centre =
        which.at + Vec3{std::cos(angle) * out, .42f + (which.height - .52f) * lift, std::sin(angle) * out};
    const Vec3 direction = normalized({std::cos(angle), .35f + 1.1f * lift, std::sin(angle)});
    const Vec3 green = mix(Vec3{.09f, .24f, .09f}, Vec3{.26f, .46f, .18f}, dice.unit());
    leaf(o, d, centre, direction, dice.between(.15f, .26f), green, best);
  }
}

}  // namespace

Hit look(Vec3 origin, Vec3 direction) {
  Hit best;
  floor_and_ceiling(origin, direction, best);
  left_wall(origin, direction, best);
  right_wall(origin, direction, best);
  if (direction.z > 0) back_wall(origin, direction, best);
  for (const Crate& box : kBench) crate(origin, direction, box, best);
  for (const Plant& green : kPlants) plant(origin, direction, green, best);
  return best;
}

Vec3 light_at(Vec3 p, Vec3 n) {
  Vec3 sum = {.38f, .375f, .37f};
  const auto lamp = [&](Vec3 at, Vec3 facing, Vec3 colour, float area) {
    const Vec3 to = at - p;
    const float distance = std::max(length(to), .35f);
    const Vec3 direction = to * (1.f / distance);
    const float falling =
        clamp(dot(n, direction) * .85f + .15f, 0.f, 1.f) * clamp(-dot(facing, direction), 0.f, 1.f);
    sum = sum + colour * (falling * area / (distance * distance + .3f));
  };
  for (int i = 0; i < 4; ++i)
    for (int j = -1; j <= 1; j += 2)
      lamp({.4f * static_cast<float>(j), kCeiling, 1.6f + 2.3f * static_cast<float>(i)}, {0, -1, 0},
           {1.25f, 1.17f, 1.04f}, .80f);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 2; ++j)
      lamp(
          {kDoorLeft + .43f + .87f * static_cast<float>(i), .6f + 1.1f * static_cast<float>(j), kBack + .05f},
          {0, 0, -1}, {1.05f, 1.14f, 1.22f}, .85f);
  const auto corner = [](float gap) { return mix(.72f, 1.f, smoothstep(0.f, .55f, gap)); };
  const float dim = (std::fabs(n.x) > .5f ? 1.f : corner(kSide - std::fabs(p.x))) *
                    (std::fabs(n.y) > .5f ? 1.f : corner(p.y) * corner(kCeiling - p.y)) *
                    (std::fabs(n.z) > .5f || between(p.x, kDoorLeft, kDoorRight) ? 1.f : corner(kBack - p.z));
  return sum * dim;
}

}  // namespace veilgate::simcam::lobby
