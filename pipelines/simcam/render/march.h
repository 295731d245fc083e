#pragma once
// From distances to pixels: sphere tracing, normals, occlusion, soft shadow, light. A Figure is anything with
//   Surface distance(Vec3 p) const        p in view space
//   Paint paint(Vec3 p, Material) const
//   float reach() const                   it lies within -reach … reach of the plane z = 0
// Sources: J. C. Hart, "Sphere tracing", 1996; tetrahedron normals and soft shadows after I. Quilez (formulas
// only).

#include "simcam/render/paint.h"
#include "simcam/render/shapes.h"

namespace veilgate::simcam {

struct Light {
  Vec3 key_direction = {-.35f, .80f, .50f};  ///< normalised by the caller; from the surface to the light
  Vec3 key_colour = {.62f, .60f, .57f};
  Vec3 fill_direction = {.60f, .15f, .75f};
  Vec3 fill_colour = {.20f, .21f, .23f};
  Vec3 sky = {.46f, .46f, .47f};      ///< ambient from above
  Vec3 ground = {.26f, .25f, .235f};  ///< ambient from below
  float shadow = .60f;                ///< how much of the key a full shadow takes
};

/// A pinhole camera on the +z axis that shows the plane z = 0 undistorted.
struct Lens {
  float distance = 18;  ///< from the plane z = 0, head units
};

/// One sample: light that reaches the lens, and how much of the pixel the figure covers.
struct Sample {
  Vec3 colour;
  float coverage = 0;
};

struct Ray {
  Vec3 origin;
  Vec3 direction;
};
VG_DEVICE inline Ray ray_through(const Lens& lens, float x, float y) {
  const Vec3 eye = {0, 0, lens.distance};
  return {eye, normalized(Vec3{x, y, 0} - eye)};
}

template <typename Figure>
VG_DEVICE Vec3 surface_normal(const Figure& figure, Vec3 p) {
  const float e = .006f;
  const Vec3 a = {1, -1, -1}, b = {-1, -1, 1}, c = {-1, 1, -1}, d = {1, 1, 1};
  return normalized(a * figure.distance(p + a * e).distance + b * figure.distance(p + b * e).distance +
                    c * figure.distance(p + c * e).distance + d * figure.distance(p + d * e).distance);
}

template <typename Figure>
VG_DEVICE float ambient_occlusion(const Figure& figure, Vec3 p, Vec3 n) {
  const float near = figure.distance(p + n * .09f).distance / .09f;
  const float far = figure.distance(p + n * .26f).distance / .26f;
  return clamp(.35f + .38f * near + .27f * far, 0.f, 1.f);
}

template <typename Figure>
VG_DEVICE float lit_share(const Figure& figure, Vec3 p, Vec3 n, Vec3 towards_light) {
  if (dot(n, towards_light) < -.3f) return 0;
  float share = 1, travelled = .05f;
  for (int step = 0; step < 9 && travelled < 1.8f && share > .02f; ++step) {
    const float d = figure.distance(p + n * .014f + towards_light * travelled).distance;
    share = fminf(share, 7.f * d / travelled);
    travelled += clamp(d, .05f, .35f);
  }
  return clamp(share, 0.f, 1.f);
}

VG_DEVICE inline Vec3 illuminate(const Paint& paint, const Light& light, Vec3 n, Vec3 view, float occlusion,
                                 float lit) {
  const float direct = clamp(dot(n, light.key_direction), 0.f, 1.f);
  const float wrapped = clamp((dot(n, light.key_direction) + .35f) / 1.35f, 0.f, 1.f);
  const float key = mix(direct, wrapped, .5f * paint.translucency) * mix(1.f - light.shadow, 1.f, lit);
  const float fill = clamp((dot(n, light.fill_direction) + .2f) / 1.2f, 0.f, 1.f) * mix(occlusion, 1.f, .4f);
  const Vec3 ambient = mix(light.ground, light.sky, .5f + .5f * n.y) * occlusion;
  const Vec3 half_way = normalized(light.key_direction - view);
  const float shine = powf(clamp(dot(n, half_way), 0.f, 1.f), paint.polish) * paint.highlight * lit;
  const float rim = square(clamp(1.f + dot(n, view), 0.f, 1.f)) * .05f;
  return paint.colour * (ambient + light.key_colour * key + light.fill_colour * fill) +
         light.key_colour * shine + light.sky * (rim * occlusion);
}

/// How far along any ray of a cone one can go without meeting the figure; negative = the cone misses it.
/// `spread` is the cone's radius per unit of length. One call per tile saves most steps of its pixels.
template <typename Figure>
VG_DEVICE float clear_distance(const Figure& figure, const Ray& ray, float from, float to, float spread) {
  float t = from;
  for (int step = 0; step < 48 && t < to; ++step) {
    const float free = figure.distance(ray.origin + ray.direction * t).distance - spread * t;
    if (free < .004f) return t;
    t += fmaxf(free, .004f) * .85f;
  }
  return t < to ? t : -1.f;
}

/// Where a ray meets a figure.
struct Hit {
  float distance = 0;  ///< along the ray
  float coverage = 0;  ///< of the pixel; 0 = missed
  Material material = Material::kSkin;
};

/// `pixel` is a pixel's width per unit of distance; silhouettes fade over it.
template <typename Figure>
VG_DEVICE Hit trace(const Figure& figure, const Ray& ray, float from, float to, float pixel) {
  float t = from, closest = 1e3f;
  Hit edge;
  for (int step = 0; step < 64 && t < to; ++step) {
    const Surface surface = figure.distance(ray.origin + ray.direction * t);
    if (surface.distance < .0028f) return {t, 1, surface.material};
    if (surface.distance < closest * t) {
      closest = surface.distance / t;
      edge = {t, 0, surface.material};
    }
    t += surface.distance * .84f;
  }
  edge.coverage = clamp(1.f - 2.f * closest / pixel, 0.f, 1.f);
  return edge;
}

/// What keeps light from a point: neighbours can share it, it changes slowly.
struct Shelter {
  float openness = 1;  ///< ambient occlusion, 1 = open sky
  float lit = 1;       ///< share of the key light that arrives
};
template <typename Figure>
VG_DEVICE Shelter shelter_at(const Figure& figure, const Light& light, Vec3 p, Vec3 n) {
  return {ambient_occlusion(figure, p, n), lit_share(figure, p, n, light.key_direction)};
}

/// One pixel from beginning to end, for renderers that treat pixels alone (CUDA).
template <typename Figure>
VG_DEVICE Sample sample(const Figure& figure, const Light& light, const Ray& ray, float from, float to,
                        float pixel) {
  const Hit hit = trace(figure, ray, from, to, pixel);
  if (hit.coverage <= 0) return {};
  const Vec3 p = ray.origin + ray.direction * hit.distance;
  const Vec3 n = surface_normal(figure, p);
  const Shelter shelter = shelter_at(figure, light, p, n);
  return {illuminate(figure.paint(p, hit.material), light, n, ray.direction, shelter.openness, shelter.lit),
          hit.coverage};
}

/// What a camera makes of light: its curve, 0…1.
VG_DEVICE inline float exposed(float light) { return powf(clamp(light, 0.f, 1.f), 1.f / 1.5f); }

}  // namespace veilgate::simcam
