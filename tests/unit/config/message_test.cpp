// What people read, word for word: data/broken.yaml has one of many mistakes on its lines; what is said about
// them in each language is in data/broken.en.txt and data/broken.zh.txt.

#include <gtest/gtest.h>

#include "config_text.h"

namespace veilgate {
namespace {

std::string told(Language language) {
  const auto folder = std::filesystem::path(VG_TEST_DATA);
  std::string out;
  for (const auto& problem : parse_config(read_text(folder / "broken.yaml"), "broken.yaml").problems)
    out += describe(problem, "broken.yaml", language) + "\n";
  return out;
}

TEST(ConfigMessages, EnglishIsWordForWord) {
  EXPECT_EQ(told(Language::kEnglish), read_text(std::filesystem::path(VG_TEST_DATA) / "broken.en.txt"));
}

TEST(ConfigMessages, ChineseIsWordForWord) {
  EXPECT_EQ(told(Language::kChinese), read_text(std::filesystem::path(VG_TEST_DATA) / "broken.zh.txt"));
}

TEST(ConfigMessages, ThePasswordInTheFileIsNowhere) {
  ASSERT_NE(read_text(std::filesystem::path(VG_TEST_DATA) / "broken.yaml").find("Xy7-kappa"),
            std::string::npos);
  EXPECT_EQ((told(Language::kEnglish) + told(Language::kChinese)).find("kappa"), std::string::npos);
}

}  // namespace
}  // namespace veilgate
