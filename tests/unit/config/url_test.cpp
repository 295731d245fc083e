#include "config/url.h"

#include <gtest/gtest.h>

#include "config/findings.h"

namespace veilgate {
namespace {

UrlFault fault(const char* text) { return parse_url(text, "rtsp,rtsps").fault; }
std::string identity(const char* text) { return stream_identity(parse_url(text, "rtsp,rtsps").url); }

TEST(Url, ReadsItsParts) {
  const auto url = parse_url("RTSPS://Cam.Example.:8322/Live?ch=1", "rtsp,rtsps").url;
  EXPECT_EQ(url.scheme, "rtsps");
  EXPECT_EQ(url.host, "cam.example");
  EXPECT_EQ(url.port, 8322);
  EXPECT_EQ(url.path, "/Live?ch=1");
  EXPECT_EQ(parse_url("rtsp://10.0.3.21/x", "rtsp").url.port, 554);
  EXPECT_EQ(parse_url("rtsps://10.0.3.21/x", "rtsps").url.port, 322);
  EXPECT_EQ(parse_url("rtsp://[2001:DB8::0:1]:8554/x", "rtsp").url.host, "2001:db8::1");
}

TEST(Url, AUserOrPasswordInsideIsItsOwnFault) {
  for (const char* text :
       {"rtsp://admin:secret@10.0.3.21/x", "rtsp://admin@10.0.3.21/x", "rtsp://a:p/w@10.0.3.21/x",
        "rtsp://10.0.3.21/x?user=a&password=b", "rtsp://10.0.3.21/x?PWD=b", "rtsp://10.0.3.21/x?%70wd=b",
        "http://u:p@h/", "rtsp://10.0.3.21/x?a=b;token=c"})
    EXPECT_EQ(fault(text), UrlFault::kHoldsSecret) << text;
  EXPECT_EQ(fault("rtsp://10.0.3.21/x?channel=1&subtype=1"), UrlFault::kNone);
}

TEST(Url, RefusesWhatIsNoAddress) {
  EXPECT_EQ(fault("10.0.3.21/x"), UrlFault::kMalformed);
  EXPECT_EQ(fault("rtsp://10.0.3.21/a b"), UrlFault::kMalformed);
  EXPECT_EQ(fault("rtsp://10.0.3.21/#x"), UrlFault::kMalformed);
  EXPECT_EQ(fault("http://10.0.3.21/x"), UrlFault::kUnknownScheme);
  for (const char* text :
       {"rtsp:///x", "rtsp://10.0.3/x", "rtsp://010.0.3.21/x", "rtsp://0x7f.1/x", "rtsp://2130706433/x",
        "rtsp://10.0.3.256/x", "rtsp://-a/x", "rtsp://a..b/x", "rtsp://[::1/x", "rtsp://[1.2.3.4]/x"})
    EXPECT_EQ(fault(text), UrlFault::kBadHost) << text;
  for (const char* text :
       {"rtsp://h:0/x", "rtsp://h:65536/x", "rtsp://h:/x", "rtsp://h:12a/x", "rtsp://[::1]x/x"})
    EXPECT_EQ(fault(text), UrlFault::kBadPort) << text;
}

TEST(Url, TwoSpellingsOfOneStreamAreOneStream) {
  const std::string plain = identity("rtsp://10.0.3.21/stream2");
  EXPECT_EQ(identity("rtsp://10.0.3.21:554/Stream2/"), plain);
  EXPECT_EQ(identity("RTSP://10.0.3.21//stream2"), plain);
  EXPECT_EQ(identity("rtsp://10.0.3.21/%73tream2"), plain);
  EXPECT_EQ(identity("rtsp://[::ffff:10.0.3.21]/stream2"), plain);
  EXPECT_NE(identity("rtsp://10.0.3.21/stream1"), plain);
  EXPECT_NE(identity("rtsp://10.0.3.21:555/stream2"), plain);
}

TEST(ShownValues, NeverHoldAPassword) {
  for (const char* text :
       {"rtsp://admin:Hunter2@10.0.3.21/x", "rtsp://admin:Hun@ter2@h/x", "rtsp://a:x/Hunter2@h/y",
        "admin:Hunter2@10.0.3.21/x", "rtsp://h/x?password=Hunter2", "rtsp://h?q=1#Hunter2@z"})
    EXPECT_EQ(shown(text).find("unter2"), std::string::npos) << shown(text);
  EXPECT_EQ(shown("a\nb\x1b[31m"), "a?b?[31m");
  EXPECT_EQ(shown(std::string(200, 'x')), std::string(80, 'x') + "…");
  EXPECT_EQ(shown("个保法 第二十六条"), "个保法 第二十六条");
}

}  // namespace
}  // namespace veilgate
