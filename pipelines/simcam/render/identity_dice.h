#pragma once
// The drawing of an identity, part by part. The order of throws is part of the identity: append, never
// reorder.

#include "simcam/render/identity.h"

namespace veilgate::simcam {

namespace identity_detail {

struct Draw {
  Dice dice;
  Variety variety;

  /// A shape parameter: the middle of its range, spread by the variety.
  VG_DEVICE float shape(float low, float high) {
    const float middle = .5f * (low + high);
    return middle + (dice.between(low, high) - middle) * variety.spread;
  }
  VG_DEVICE Vec3 colour(float low, float high) {
    const Vec3 c = {dice.between(low, high), dice.between(low, high), dice.between(low, high)};
    const float grey = (c.x + c.y + c.z) / 3.f;
    return mix(c, {grey, grey, grey}, dice.unit() * .8f);
  }
};

VG_DEVICE inline void draw_complexion(Draw& d, Identity& who) {
  const Vec3 light = {.93f, .76f, .66f}, middle = {.74f, .53f, .40f}, dark = {.28f, .17f, .12f};
  const float even = d.dice.unit();
  const float tone = d.variety.natural_colours ? even * .55f : even * even * .35f + even * .65f;
  who.skin = tone < .5f ? mix(light, middle, tone * 2.f) : mix(middle, dark, tone * 2.f - 1.f);
  who.skin =
      who.skin * Vec3{1 + .05f * d.dice.normal(), 1 + .04f * d.dice.normal(), 1 + .05f * d.dice.normal()};
  const Vec3 shades[7] = {{.12f, .08f, .06f}, {.045f, .04f, .038f}, {.30f, .20f, .11f}, {.50f, .49f, .48f},
                          {.62f, .48f, .28f}, {.80f, .78f, .75f},   {.42f, .18f, .09f}};
  const int shade = d.dice.pick(d.variety.natural_colours ? 4 : 7);
  who.hair = shades[tone > .55f && shade > 3 ? 1 : shade] * d.dice.between(.85f, 1.2f);
  who.lip =
      who.skin * Vec3{d.dice.between(.80f, .98f), d.dice.between(.52f, .74f), d.dice.between(.55f, .78f)};
  const Vec3 irises[4] = {{.22f, .14f, .08f}, {.10f, .06f, .04f}, {.20f, .30f, .38f}, {.22f, .28f, .16f}};
  who.iris = irises[d.dice.pick(d.variety.natural_colours ? 2 : 4)];
}

VG_DEVICE inline void draw_face(Draw& d, Identity& who) {
  who.proportion = {1 + .04f * d.dice.normal() * d.variety.spread,
                    1.14f + .045f * d.dice.normal() * d.variety.spread,
                    1 + .04f * d.dice.normal() * d.variety.spread};
  who.head_width = d.shape(.67f, .79f);
  who.jaw_width = d.shape(.46f, .64f);
  who.chin_width = d.shape(.20f, .36f);
  who.chin_y = d.shape(-.70f, -.58f);
  who.cheek = d.shape(0, .05f);
  who.brow_ridge = d.shape(-.03f, .04f);
  who.eye_spacing = d.shape(.275f, .33f);
  who.eye_y = d.shape(.03f, .08f);
  who.eye_size = d.shape(.90f, 1.12f);
  who.brow_y = d.shape(.165f, .225f);
  who.brow_thickness = d.shape(.55f, 1.5f);
  who.brow_slope = d.shape(-.02f, .04f);
  who.nose_length = d.shape(.85f, 1.15f);
  who.nose_width = d.shape(.75f, 1.35f);
  who.nose_depth = d.shape(-.03f, .09f);
  who.mouth_width = d.shape(.21f, .30f);
  who.mouth_y = d.shape(-.54f, -.46f);
  who.lip_thickness = d.shape(.6f, 1.4f);
  who.smile = d.shape(-.02f, .09f);
  who.age = square(d.dice.unit());
  who.freckles = d.dice.chance(.1f) ? d.dice.between(.1f, .3f) : 0.f;
  who.skin_texture = d.dice.between(.02f, .10f);
  who.gloss = d.dice.unit();
}

VG_DEVICE inline void draw_hair(Draw& d, Identity& who) {
  const float style = d.dice.unit();
  who.hair_style = style < .05f   ? HairStyle::kBald
                   : style < .46f ? HairStyle::kShort
                   : style < .66f ? HairStyle::kLong
                   : style < .71f ? HairStyle::kCurly
                   : style < .80f ? HairStyle::kBun
                   : style < .86f ? (d.variety.natural_colours ? HairStyle::kShort : HairStyle::kReceding)
                                  : HairStyle::kFringe;
  const bool close = who.hair_style == HairStyle::kBun || who.hair_style == HairStyle::kBald;
  who.hair_line = d.shape(-.20f, .06f);
  who.hair_length = d.dice.unit();
  who.hair_volume = who.hair_style == HairStyle::kCurly ? d.shape(.12f, .30f)
                    : close                             ? d.shape(0, .05f)
                                                        : d.shape(.01f, .12f);
  who.hair_parting = d.dice.between(-.22f, .22f);
  who.hair_frequency = d.dice.between(4, 12);
  const bool long_hair = who.hair_style == HairStyle::kLong || who.hair_style == HairStyle::kBun ||
                         who.hair_style == HairStyle::kFringe;
  const bool bearded = d.dice.chance(long_hair ? .02f : .35f);
  who.beard = bearded && d.dice.chance(.7f) ? d.dice.between(.25f, 1.f) : 0.f;
  who.moustache = bearded && d.dice.chance(.8f) ? d.dice.between(.4f, 1.f) : 0.f;
  who.beard_depth = d.dice.chance(.5f) ? 0.f : d.dice.between(.01f, .08f) * who.beard;
}

VG_DEVICE inline void draw_things_worn(Draw& d, Identity& who) {
  const float glasses = d.dice.unit();
  who.glasses = glasses < .30f ? Glasses::kClear : glasses < .34f ? Glasses::kDark : Glasses::kNone;
  who.frame_radius = d.shape(.14f, .19f);
  who.frame_stretch = d.shape(1.0f, 1.35f);
  who.frame_power = d.dice.between(2, 4.5f);
  who.frame_thickness = d.dice.between(.010f, .020f);
  who.frame_colour = d.dice.chance(.7f) ? Vec3{.05f, .05f, .06f} : d.colour(.05f, .5f);

  who.face_mask = d.dice.chance(d.variety.coverings);
  who.mask_top = d.shape(-.12f, .02f);
  const Vec3 masks[3] = {{.85f, .87f, .88f}, {.50f, .70f, .82f}, {.07f, .07f, .08f}};
  who.mask_colour = masks[d.dice.pick(3)];

  who.headgear =
      d.dice.chance(d.variety.coverings) ? static_cast<Headgear>(1 + d.dice.pick(5)) : Headgear::kNone;
  who.headgear_y = d.shape(-.10f, .08f);
  who.headgear_colour = d.colour(.04f, .7f);
  if (who.headgear == Headgear::kHelmet && d.dice.chance(.7f)) who.headgear_colour = {.88f, .70f, .08f};
}

VG_DEVICE inline void draw_clothing(Draw& d, Identity& who) {
  Clothing& c = who.clothes;
  who.shoulder_width = d.shape(.84f, 1.10f);
  who.build = d.shape(.86f, 1.18f);
  const Vec3 tops[10] = {{.10f, .14f, .26f}, {.62f, .63f, .62f}, {.16f, .17f, .18f}, {.46f, .12f, .12f},
                         {.20f, .30f, .22f}, {.72f, .60f, .40f}, {.30f, .42f, .58f}, {.70f, .66f, .58f},
                         {.52f, .34f, .44f}, {.14f, .32f, .36f}};
  c.top =
      d.variety.natural_colours ? tops[d.dice.pick(10)] * d.dice.between(.85f, 1.15f) : d.colour(.02f, .95f);
  c.accent = d.variety.natural_colours ? tops[d.dice.pick(10)] : d.colour(.02f, .95f);
  const Vec3 lower[5] = {
      {.07f, .09f, .15f}, {.08f, .08f, .085f}, {.34f, .30f, .24f}, {.16f, .20f, .28f}, {.22f, .22f, .23f}};
  c.trousers = lower[d.dice.pick(5)] * d.dice.between(.85f, 1.2f);
  c.shoes = d.dice.chance(.4f) ? Vec3{.75f, .74f, .72f} : Vec3{.06f, .055f, .05f};
  c.bag = d.colour(.06f, .4f);
  c.pattern = d.dice.chance(.55f) ? Pattern::kPlain
                                  : static_cast<Pattern>(1 + d.dice.pick(d.variety.natural_colours ? 6 : 7));
  c.pattern_frequency = d.dice.between(4, 12);
  c.sleeves = d.dice.chance(.35f) ? Sleeves::kShort : Sleeves::kLong;
  const bool skirt_hair = who.hair_style == HairStyle::kLong || who.hair_style == HairStyle::kBun ||
                          who.hair_style == HairStyle::kFringe;
  c.bottom = skirt_hair && d.dice.chance(.4f) ? Bottom::kSkirt
             : d.dice.chance(.08f)            ? Bottom::kShorts
                                              : Bottom::kTrousers;
  c.hem_y = d.dice.between(-.2f, .15f);
  c.neckline = d.dice.chance(.5f) ? 0.f : d.dice.between(.2f, .6f);
  c.collar = d.dice.chance(.5f) ? 0.f : d.dice.between(.2f, .8f);
  c.backpack = d.dice.chance(.2f);
}

}  // namespace identity_detail

VG_DEVICE inline Identity make_identity(std::uint32_t seed, const Variety& variety) {
  Identity who;
  who.seed = seed;
  identity_detail::Draw draw{Dice(seed), variety};
  identity_detail::draw_complexion(draw, who);
  identity_detail::draw_face(draw, who);
  identity_detail::draw_hair(draw, who);
  identity_detail::draw_things_worn(draw, who);
  identity_detail::draw_clothing(draw, who);
  return who;
}

}  // namespace veilgate::simcam
