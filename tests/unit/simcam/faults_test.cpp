// The line protocol of the test camera, and what its faults do to pictures and bytes.

#include "simcam/serve/faults.h"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

namespace veilgate::simcam {
namespace {

constexpr PictureSize kSmall{160, 90};

std::vector<std::uint8_t> checkered() {
  std::vector<std::uint8_t> i420(160 * 90 * 3 / 2, 128);
  for (int y = 0; y < 90; ++y)
    for (int x = 0; x < 160; ++x)
      i420[static_cast<std::size_t>(y * 160 + x)] = (x / 8 + y / 8) % 2 ? 200 : 50;
  return i420;
}

double contrast(const std::vector<std::uint8_t>& i420) {
  double sum = 0;
  for (int i = 1; i < 160 * 90; ++i)
    sum += std::abs(i420[static_cast<std::size_t>(i)] - i420[static_cast<std::size_t>(i) - 1]);
  return sum / (160 * 90);
}

std::vector<std::uint8_t> damaged(const std::string& command) {
  Faults faults;
  EXPECT_TRUE(apply_command(command, faults)) << command;
  auto picture = checkered();
  std::vector<std::uint8_t> scratch, last;
  damage_picture(faults, kSmall, picture, scratch, last);
  return picture;
}

TEST(SimcamCommands, SwitchFaultsOnAndOff) {
  Faults faults;
  ASSERT_TRUE(apply_command("freeze on", faults));
  ASSERT_TRUE(apply_command("  corrupt 0.001 ", faults));
  ASSERT_TRUE(apply_command("shift 0.1 -0.05 3", faults));
  ASSERT_TRUE(apply_command("clock-skew -45.5", faults));
  EXPECT_TRUE(faults.freeze);
  EXPECT_DOUBLE_EQ(faults.corrupt_rate, .001);
  EXPECT_DOUBLE_EQ(faults.shift_deg, 3);
  EXPECT_DOUBLE_EQ(faults.clock_skew_s, -45.5);
  ASSERT_TRUE(apply_command("corrupt off", faults));
  EXPECT_EQ(faults.corrupt_rate, 0);
  ASSERT_TRUE(apply_command("clear", faults));
  EXPECT_FALSE(faults.freeze);
}

TEST(SimcamCommands, NameWhatHappensOnce) {
  Faults faults;
  EXPECT_EQ(apply_command("end", faults)->action, Action::kEnd);
  EXPECT_EQ(apply_command("size 640x360", faults)->size, (PictureSize{640, 360}));
  EXPECT_EQ(apply_command("codec h265", faults)->codec, Codec::kH265);
}

TEST(SimcamCommands, RefuseNonsenseAndSayWhatIsAllowed) {
  Faults faults;
  for (const char* line : {"freze on", "freeze", "freeze maybe", "corrupt 2", "corrupt x", "size 641x360",
                           "size 1280", "codec vp9", "shift 0.1", "defocus 0", "refuse-credentials after 0"})
    EXPECT_FALSE(apply_command(line, faults)) << line;
  EXPECT_NE(apply_command("freze on", faults).error().message().find("freeze"), std::string::npos);
}

TEST(SimcamDamage, CoverIsBlackAndDefocusTakesContrast) {
  const auto covered = damaged("cover on");
  EXPECT_LT(*std::max_element(covered.begin(), covered.begin() + 160 * 90), 30);
  EXPECT_LT(contrast(damaged("defocus 6")), .4 * contrast(checkered()));
}

TEST(SimcamDamage, ShiftMovesTheView) {
  const auto moved = damaged("shift 0.05 0");  // eight pixels to the right: black and white change places
  const auto before = checkered();
  EXPECT_EQ(moved[45 * 160 + 80], before[45 * 160 + 72]);
  EXPECT_NE(moved[45 * 160 + 80], before[45 * 160 + 80]);
}

TEST(SimcamDamage, FreezeRepeatsTheLastPicture) {
  Faults faults;
  std::vector<std::uint8_t> scratch, last, first = checkered(), second(first.size(), 90);
  damage_picture(faults, kSmall, first, scratch, last);
  faults.freeze = true;
  damage_picture(faults, kSmall, second, scratch, last);
  EXPECT_EQ(second, first);
}

TEST(SimcamDamage, CorruptionHitsItsRateAndSparesTheHead) {
  std::vector<std::uint8_t> bytes(100000, 0);
  corrupt(bytes, 1000, .001, 7);
  EXPECT_TRUE(std::all_of(bytes.begin(), bytes.begin() + 1000, [](auto b) { return b == 0; }));
  int flipped = 0;
  for (const auto byte : bytes) flipped += __builtin_popcount(byte);
  EXPECT_NEAR(flipped, 792, 120);  // 99 000 bytes at one bit in a thousand
}

}  // namespace
}  // namespace veilgate::simcam
