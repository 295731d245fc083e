#pragma once
// What a rendered person looks like, drawn from a seed; no picture of anyone goes in. Lengths are head units:
// half a skull's width is about 0.74, one unit about 12 cm. Colours are linear-ish RGB reflectances, 0…1.

#include <cstdint>

#include "simcam/render/noise.h"

namespace veilgate::simcam {

enum class HairStyle : unsigned char { kBald, kShort, kLong, kCurly, kBun, kReceding, kFringe };
enum class Headgear : unsigned char { kNone, kBeanie, kCap, kHood, kScarf, kHelmet };
enum class Glasses : unsigned char { kNone, kClear, kDark };
enum class Pattern : unsigned char { kPlain, kHoops, kStripes, kChecks, kBlotches, kPrint, kZip, kFacePrint };
enum class Sleeves : unsigned char { kShort, kLong };
enum class Bottom : unsigned char { kTrousers, kSkirt, kShorts };

struct Clothing {
  Vec3 top, accent, trousers, shoes, bag;
  Pattern pattern = Pattern::kPlain;
  Sleeves sleeves = Sleeves::kLong;
  Bottom bottom = Bottom::kTrousers;
  float pattern_frequency = 8;  ///< per unit
  float hem_y = 0;              ///< how far the top hangs below the hip
  float neckline = 0;           ///< depth of a V, 0 = closed
  float collar = 0;             ///< height of a collar, 0 = none
  bool backpack = false;
};

struct Identity {
  std::uint32_t seed = 0;
  Vec3 proportion{1, 1.13f, 1};  ///< of the head, per axis
  Vec3 skin, hair, iris, lip;

  float head_width, jaw_width, chin_width, chin_y, cheek, brow_ridge;
  float eye_spacing, eye_y, eye_size, brow_y, brow_thickness, brow_slope;
  float nose_length, nose_width, nose_depth;
  float mouth_width, mouth_y, lip_thickness, smile;
  float age, freckles, skin_texture, gloss;

  HairStyle hair_style = HairStyle::kShort;
  float hair_line, hair_length, hair_volume, hair_parting, hair_frequency;
  float beard, moustache, beard_depth;  ///< 0 = none

  Glasses glasses = Glasses::kNone;
  float frame_radius, frame_stretch, frame_power, frame_thickness;
  Vec3 frame_colour;

  bool face_mask = false;
  float mask_top;
  Vec3 mask_colour;

  Headgear headgear = Headgear::kNone;
  float headgear_y;
  Vec3 headgear_colour;

  float shoulder_width, build;  ///< factors around 1
  Clothing clothes;
};

/// How far people differ: 1 = everything that training should have seen, 0.5 = people one meets in a lobby.
struct Variety {
  float spread = 0.55f;     ///< of shapes around their middle
  float coverings = 0.12f;  ///< probability of each of mask and headgear
  bool natural_colours = true;
};

VG_DEVICE Identity make_identity(std::uint32_t seed, const Variety& variety);

}  // namespace veilgate::simcam

#include "simcam/render/identity_dice.h"
