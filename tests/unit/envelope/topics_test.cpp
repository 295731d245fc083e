#include "envelope/topics.h"

#include <gtest/gtest.h>

namespace veilgate {
namespace {

TEST(Topics, FollowTheScheme) {
  const auto topics = TopicScheme::create("veilgate/v1", "estate-07", "gw-0001");
  ASSERT_TRUE(topics);
  EXPECT_EQ(topics->availability(), "veilgate/v1/estate-07/gw-0001/availability");
  EXPECT_EQ(topics->camera_status("gate-east"), "veilgate/v1/estate-07/gw-0001/cameras/gate-east/status");
  EXPECT_EQ(topics->surveillance_events("gate-east"),
            "veilgate/v1/estate-07/gw-0001/surveillance/gate-east/events");
  EXPECT_EQ(topics->keys(Lane::kSurveillance, MessageClass::kFace),
            "veilgate/v1/estate-07/gw-0001/keys/surveillance/face");
}

// R-063: no wildcard, separator, control character or empty level ever reaches a topic.
TEST(Topics, RefusesEveryByteOutsideTheAlphabet) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         c == '.' || c == '_' || c == '-';
    EXPECT_EQ(valid_topic_id(std::string("a") + c), allowed) << byte;
  }
  EXPECT_FALSE(valid_topic_id(""));
  EXPECT_FALSE(valid_topic_id(std::string(65, 'a')));
  for (const char* id : {"+", "#", "a/b", "$share", "a b", "东门"}) {
    EXPECT_FALSE(TopicScheme::create("veilgate/v1", id, "gw")) << id;
    EXPECT_FALSE(TopicScheme::create("veilgate/v1", "site", id)) << id;
  }
  EXPECT_FALSE(TopicScheme::create("veilgate//v1", "site", "gw"));
  EXPECT_FALSE(TopicScheme::create("/veilgate", "site", "gw"));
  EXPECT_FALSE(TopicScheme::create("", "site", "gw"));
}

}  // namespace
}  // namespace veilgate
