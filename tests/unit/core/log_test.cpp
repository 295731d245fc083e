#include "core/log.h"

#include <gtest/gtest.h>

namespace veilgate {
namespace {

TEST(Log, RedactsUserPasswordQueryAndFragment) {
  EXPECT_EQ(redact_url("rtsp://admin:p%40ss@10.0.3.21:554/stream2?token=abc#x"), "rtsp://10.0.3.21:554/stream2");
  EXPECT_EQ(redact_url("rtsps://a:b@c@host"), "rtsps://host");
  EXPECT_EQ(redact_url("rtsp://host/path"), "rtsp://host/path");
}

TEST(Log, LeavesOtherTextAlone) { EXPECT_EQ(redact_url("/dev/video0"), "/dev/video0"); }

}  // namespace
}  // namespace veilgate
