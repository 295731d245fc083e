#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "result/base64.h"
#include "sample_results.h"

namespace veilgate::surveillance {
namespace {

using Json = nlohmann::ordered_json;

TEST(Transfer, BringsEveryKindAcrossUnchanged) {
  for (const auto& [name, result] : every_kind()) {
    auto read = decode_transfer(encode_transfer(result));
    ASSERT_TRUE(read) << name << ": " << read.error().message();
    EXPECT_EQ(to_payload(*read, sample_context()), to_payload(result, sample_context())) << name;
    EXPECT_EQ(encode_transfer(*read), encode_transfer(result)) << name;
  }
}

TEST(Transfer, RefusesAnAddedKeyAMissingKeyAndAWrongType) {
  for (const auto& [name, result] : every_kind()) {
    const Json good = Json::parse(encode_transfer(result));
    Json added = good;
    added["template"] = "0123";
    EXPECT_FALSE(decode_transfer(added.dump())) << name;
    for (const auto& [key, value] : good.items()) {
      Json missing = good, wrong = good;
      missing.erase(key);
      wrong[key] = Json::array({1, 2});
      EXPECT_FALSE(decode_transfer(missing.dump())) << name << " without " << key;
      EXPECT_FALSE(decode_transfer(wrong.dump())) << name << " with an array as " << key;
    }
  }
}

TEST(Transfer, RefusesWhatIsOutOfRange) {
  const auto face_with = [](const char* key, const Json& value) {
    Json json = Json::parse(encode_transfer(sample_face()));
    json[key] = value;
    return decode_transfer(json.dump()).has_value();
  };
  EXPECT_TRUE(face_with("confidence", 1.0));
  EXPECT_FALSE(face_with("confidence", 1.01));
  EXPECT_FALSE(face_with("x", 1e9));
  EXPECT_FALSE(face_with("time", -1));
  EXPECT_FALSE(face_with("sequence", 100000));
  EXPECT_FALSE(face_with("track", 18446744073709551615ULL));
  EXPECT_FALSE(face_with("id", "01JQ3Z6M2K0123456789ABCDE\n"));
  EXPECT_FALSE(face_with("id", std::string(5000, 'A')));
  EXPECT_FALSE(face_with("kind", "identity"));
  Json end = Json::parse(encode_transfer(sample_crossing()));
  end["end"] = end["begin"].get<std::int64_t>() - 1;
  EXPECT_FALSE(decode_transfer(end.dump()));
  Json image = Json::parse(encode_transfer(sample_image()));
  image["jpeg"] = to_base64(as_bytes("not a picture"));
  EXPECT_FALSE(decode_transfer(image.dump()));
}

TEST(Transfer, SurvivesGarbage) {
  std::mt19937 random(5);
  const std::string good = encode_transfer(sample_event());
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string bad = good;
    for (unsigned k = 0; k < 1 + random() % 4; ++k) bad[random() % bad.size()] = static_cast<char>(random());
    refused += !decode_transfer(bad);
  }
  EXPECT_GT(refused, 2000);
  EXPECT_FALSE(decode_transfer(""));
  EXPECT_FALSE(decode_transfer("[]"));
  EXPECT_FALSE(decode_transfer(std::string(200'000, '[')));
}

TEST(Base64, FollowsRfc4648) {  // section 10, test vectors
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), coded);
    auto back = from_base64(coded);
    ASSERT_TRUE(back) << coded;
    EXPECT_EQ(as_text(*back), plain);
  }
  for (const char* bad : {"Zg=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zh==", "Zm9=", "Zg=a"})
    EXPECT_FALSE(from_base64(bad)) << bad;
}

}  // namespace
}  // namespace veilgate::surveillance
