// Files made to hurt: each is answered with an error, in time, without following anything.

#include <chrono>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "config/findings.h"
#include "config/yaml_document.h"
#include "config_text.h"

namespace veilgate {
namespace {

std::string first_code(const std::string& text) {
  const auto loaded = parse_config(text, "t");
  EXPECT_FALSE(loaded.config);
  return loaded.problems.empty() ? "" : loaded.problems.front().code;
}

std::string repeated(const std::string& unit, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += unit;
  return out;
}

TEST(HostileConfig, DeepNestingIsRefused) {
  std::string block;
  for (int i = 0; i < 200; ++i) block += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_EQ(first_code(block), "too_deep");
  EXPECT_EQ(first_code(repeated("[", 100) + repeated("]", 100)), "too_deep");
  EXPECT_EQ(first_code(repeated("{a: ", 100) + repeated("}", 100)), "too_deep");
  EXPECT_EQ(first_code("a: " + repeated("[", 500000)), "too_deep");
  EXPECT_EQ(first_code(repeated("- ", 500000) + "a"), "too_deep");
}

TEST(HostileConfig, AliasesAreNeverFollowed) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before +
            repeated(", " + before, 8) + "]\n";
  }
  const auto loaded = parse_config(bomb, "t");
  EXPECT_FALSE(loaded.config);
  EXPECT_EQ(loaded.problems.size(), Findings::kMaxProblems);
  EXPECT_EQ(loaded.problems.back().code, "more_problems");
}

TEST(HostileConfig, ALargeTextIsRefusedUnread) {
  EXPECT_EQ(first_code(std::string(kMaxConfigBytes + 1, 'a')), "too_large");
}

TEST(HostileConfig, AHundredMegabyteFileIsRefusedWithoutReadingIt) {
  const auto path = std::filesystem::temp_directory_path() / ("veilgate-large-" + std::to_string(getpid()));
  std::ofstream(path) << "version: 1\n";
  std::filesystem::resize_file(path, 100u << 20);  // sparse
  const auto loaded = load_config(path.string());
  std::filesystem::remove(path);
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_EQ(loaded.problems[0].code, "too_large");
  EXPECT_FALSE(loaded.unreadable);
}

TEST(HostileConfig, AFileThatCannotBeReadIsNoConfiguration) {
  for (const char* path : {"/nonexistent/veilgate.yaml", "/proc/self", "/"}) {
    const auto loaded = load_config(path);
    EXPECT_TRUE(loaded.unreadable) << path;
    EXPECT_FALSE(loaded.config);
    EXPECT_EQ(loaded.problems.size(), 1u);
  }
}

TEST(HostileConfig, BytesThatAreNoTextAreRefused) {
  EXPECT_EQ(first_code(std::string("version: 1\0\n", 12)), "not_text");
  for (const char* bytes :
       {"\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe4\xb8", "\x80", "\x1b[31m", "\x7f"})
    EXPECT_EQ(first_code(std::string("name: ") + bytes + "\n"), "not_text");
}

TEST(HostileConfig, AWindowsFileIsReadLikeAnother) {
  std::string text;
  for (const char c : sample()) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(listed(parse_config(text, "t")), "");
  EXPECT_EQ(listed(parse_config("\xef\xbb\xbf" + sample(), "t")), "");
}

TEST(HostileConfig, AnEmptyFileSaysWhatIsExpected) {
  for (const char* text : {"", "\n\n", "# nothing\n", "---\n", "hello", "[]", "~"})
    EXPECT_EQ(first_code(text), "wrong_type") << text;
}

TEST(HostileConfig, AThousandMistakesAreCutToAReadableNumber) {
  std::string text = "version: 1\n";
  for (int i = 0; i < 1000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  const auto loaded = parse_config(text, "t");
  ASSERT_EQ(loaded.problems.size(), Findings::kMaxProblems);
  EXPECT_NE(loaded.problems.back().message.find("more problems"), std::string::npos);
}

TEST(HostileConfig, OneMegabyteOfAnythingIsAnsweredInTime) {
  const auto begin = std::chrono::steady_clock::now();
  for (const char* unit : {"a: b\n", "- a\n", "[a, ", "{a: 1}, ", "\"", "'", "a", "? ", "- [", "&a ", "#\n",
                           "k: |\n  x\n", "\n", " ", "%"}) {
    const std::string one(unit);
    EXPECT_FALSE(parse_config(repeated(one, kMaxConfigBytes / one.size()), "t").config) << unit;
  }
  // A guard against quadratic work, not a measurement: all together take about a second.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(40));
}

}  // namespace
}  // namespace veilgate
