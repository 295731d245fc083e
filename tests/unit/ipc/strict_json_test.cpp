#include "ipc/strict_json.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace veilgate::ipc {
namespace {

TEST(StrictJson, AcceptsAnObject) {
  const auto parsed = parse_strict_object(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)["b"][1]["a"], 2);
}

TEST(StrictJson, RefusesWhatIsNotOneCleanObject) {
  for (const char* text : {"", "[]", "1", "{", "{}x", R"({"a":1,"a":2})", R"({"b":{"a":1,"a":2}})",
                           R"([{"a":1,"a":2}])", "{\"a\":\"\xff\"}", R"({"a":NaN})", R"({"a":1,})"})
    EXPECT_FALSE(parse_strict_object(text)) << text;
}

TEST(StrictJson, RefusesDepthWithoutRecursion) {
  for (const char* open : {"[", "{\"a\":"}) {
    std::string text = "{\"a\":";
    for (int i = 0; i < 100'000; ++i) text += open;
    EXPECT_FALSE(parse_strict_object(text));
  }
}

TEST(StrictJson, KnowsItsKeys) {
  const auto parsed = parse_strict_object(R"({"a":1,"b":2})");
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(check_keys(*parsed, {"a"}, {"b"}));
  EXPECT_FALSE(check_keys(*parsed, {"a"}));
  EXPECT_FALSE(check_keys(*parsed, {"a", "b", "c"}));
}

}  // namespace
}  // namespace veilgate::ipc
