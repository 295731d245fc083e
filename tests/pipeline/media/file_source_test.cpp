// Files through the whole pipeline: every container and codec, ends, loops, paces, and what is refused.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/open_source.h"
#include "test_videos.h"

namespace veilgate::media {
namespace {

using test::TemporaryFolder;
using ::testing::HasSubstr;

constexpr char kTestPicture[] = "videotestsrc num-buffers=20 ! video/x-raw,format=I420,width=160,height=120,framerate=10/1 ! ";

struct Seen {
  std::vector<FrameInfo> frames;
  SourceStatus status;
  std::optional<Error> error;
};

class FileSource : public ::testing::Test {
 protected:
  FileSource() : mask_(std::move(PrivacyMask::create({{{"z", {{0.2, 0.2}, {0.6, 0.2}, {0.6, 0.7}}}}, 4})).value()) {}

  static CameraConfig camera(const std::string& file) {
    CameraConfig camera;
    camera.id = CameraId("test");
    camera.source.file = file;
    return camera;
  }
  static OpenOptions offline() {
    OpenOptions options;
    options.pace = Pace::kAsFastAsPossible;
    options.time_base = TimeBase::kMedia;
    return options;
  }
  /// Every frame, each proven masked.
  Seen watch(const CameraConfig& camera, const OpenOptions& options, std::size_t at_most = 10000) {
    Seen seen;
    auto source = open_source(camera, *mask_, options);
    if (!source) {
      seen.error = source.error();
      return seen;
    }
    while (seen.frames.size() < at_most) {
      auto frame = (*source)->next(Millis{10000});
      if (!frame) seen.error = frame.error();
      if (!frame || !frame->has_value()) break;
      const auto masked = mask_->apply(std::move(**frame));
      EXPECT_TRUE(masked) << masked.error().message();
      if (masked) seen.frames.push_back(masked->info());
    }
    seen.status = (*source)->status();
    return seen;
  }
  std::unique_ptr<PrivacyMask> mask_;
  TemporaryFolder folder_;
};

TEST_F(FileSource, ReadsEveryContainerAndCodec) {
  struct Case { const char* name; const char* tail; const char* codec; };
  for (const Case& c : {
           Case{"a.mp4", "x264enc ! h264parse ! mp4mux", "h264"},
           {"b.mkv", "x264enc ! h264parse ! matroskamux", "h264"},
           {"c.avi", "x264enc ! h264parse ! avimux", "h264"},
           {"d.ts", "x264enc ! h264parse ! mpegtsmux", "h264"},
           {"e.mp4", "x265enc ! h265parse ! mp4mux", "h265"},
           {"f.mkv", "x265enc ! h265parse ! matroskamux", "h265"},
           {"g.avi", "jpegenc ! avimux", "mjpeg"},
           {"h.mp4", "jpegenc ! qtmux", "mjpeg"},
           {"i.h264", "x264enc ! h264parse ! video/x-h264,stream-format=byte-stream", "h264"},
           {"j.h265", "x265enc ! h265parse ! video/x-h265,stream-format=byte-stream", "h265"},
           {"k.mjpeg", "jpegenc", "mjpeg"},
           {"l.mkv", "matroskamux", "raw"},
       }) {
    const std::string file = folder_.file(c.name);
    test::launch_to_end(std::string(kTestPicture) + c.tail + " ! filesink location=" + file);
    const Seen seen = watch(camera(file), offline());
    ASSERT_FALSE(seen.error) << c.name << ": " << seen.error->message();
    EXPECT_EQ(seen.frames.size(), 20U) << c.name;
    EXPECT_EQ(seen.status.codec, c.codec) << c.name;
    EXPECT_EQ(seen.status.state, SourceState::kEnded) << c.name;
    EXPECT_EQ(seen.status.frames, 20U) << c.name;
    EXPECT_EQ(seen.status.frames_dropped, 0U) << c.name;
    EXPECT_EQ(seen.status.frames_refused, 0U) << c.name;
    for (std::size_t i = 0; i < seen.frames.size(); ++i) {
      EXPECT_EQ(seen.frames[i].number, i) << c.name;
      EXPECT_TRUE(i == 0 || seen.frames[i].time > seen.frames[i - 1].time) << c.name;
    }
  }
}

TEST_F(FileSource, TimeIsStartPlusPresentationTimeAndRepeatable) {
  const std::string file = folder_.file("a.mp4");
  test::launch_to_end(std::string(kTestPicture) + "x264enc ! h264parse ! mp4mux ! filesink location=" + file);
  OpenOptions options = offline();
  options.media_start = *parse_utc("2026-03-01T08:00:00Z");
  const Seen first = watch(camera(file), options), second = watch(camera(file), options);
  ASSERT_EQ(first.frames.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(first.frames[i].time, options.media_start + Millis{100 * static_cast<int>(i)});
    EXPECT_EQ(first.frames[i].time, second.frames[i].time);
  }
}

TEST_F(FileSource, IgnoresAudio) {
  const std::string file = folder_.file("a.mkv");
  test::launch_to_end(std::string(kTestPicture) + "x264enc ! h264parse ! matroskamux name=m ! filesink location=" + file +
                      "  audiotestsrc num-buffers=80 ! audioconvert ! m.");
  const Seen seen = watch(camera(file), offline());
  ASSERT_FALSE(seen.error) << seen.error->message();
  EXPECT_EQ(seen.frames.size(), 20U);
}

TEST_F(FileSource, AFileWithoutVideoIsSaid) {
  const std::string file = folder_.file("a.mkv");
  test::launch_to_end("audiotestsrc num-buffers=20 ! audioconvert ! matroskamux ! filesink location=" + file);
  const Seen seen = watch(camera(file), offline());
  ASSERT_TRUE(seen.error);
  EXPECT_THAT(seen.error->message(), HasSubstr("no video stream"));
}

TEST_F(FileSource, ALoopGoesOnInTimeAndCount) {
  const std::string file = folder_.file("a.mp4");
  test::launch_to_end(std::string(kTestPicture) + "x264enc ! h264parse ! mp4mux ! filesink location=" + file);
  CameraConfig looping = camera(file);
  looping.source.loop = true;
  const Seen seen = watch(looping, offline(), 50);
  ASSERT_EQ(seen.frames.size(), 50U);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(seen.frames[i].time, UtcTime{} + Millis{100 * static_cast<int>(i)});
    EXPECT_EQ(seen.frames[i].number, i);
  }
}

TEST_F(FileSource, RealtimeKeepsTheFilesPaceAndCountsWhatItDrops) {
  const std::string file = folder_.file("a.mp4");
  test::launch_to_end("videotestsrc num-buffers=30 ! video/x-raw,format=I420,width=160,height=120,framerate=30/1 ! x264enc ! "
                      "h264parse ! mp4mux ! filesink location=" + file);
  OpenOptions options = offline();
  options.pace = Pace::kRealtime;
  auto source = open_source(camera(file), *mask_, options);
  ASSERT_TRUE(source);
  const SystemClock clock;
  const MonoTime begin = clock.monotonic();
  std::uint64_t taken = 0;
  while (true) {
    auto frame = (*source)->next(Millis{5000});
    ASSERT_TRUE(frame) << frame.error().message();
    if (!frame->has_value()) break;
    ++taken;
    if (taken == 3)  // analysis is late by more than three frames
      while (clock.monotonic() - begin < std::chrono::milliseconds(400)) (void)(*source)->status();
  }
  EXPECT_GT(clock.monotonic() - begin, std::chrono::milliseconds(900));
  const SourceStatus status = (*source)->status();
  EXPECT_LT(taken, 30U);
  EXPECT_EQ(status.frames, 30U);
  EXPECT_EQ(taken + status.frames_dropped, 30U);
}

TEST_F(FileSource, TenBitVideoIsRefusedByName) {
  const std::string file = folder_.file("a.mkv");
  test::launch_to_end("videotestsrc num-buffers=5 ! video/x-raw,format=I420_10LE,width=160,height=120 ! x265enc ! "
                      "h265parse ! matroskamux ! filesink location=" + file);
  const Seen seen = watch(camera(file), offline());
  EXPECT_TRUE(seen.frames.empty());
  ASSERT_TRUE(seen.error);
  EXPECT_THAT(seen.error->message(), HasSubstr("I420_10LE"));
  EXPECT_THAT(seen.error->message(), HasSubstr("videoconvert"));

  std::ofstream(folder_.file("own.pipeline")) << "source: filesrc name=source\ncontainer.mkv: matroskademux\n"
      "codec.h265: h265parse ! avdec_h265 max-threads=1 ! videoconvert\n"
      "masked: vgprivacymask name=mask ! appsink name=analysis\n";
  CameraConfig converted = camera(file);
  converted.source.pipeline = folder_.file("own.pipeline");
  EXPECT_EQ(watch(converted, offline()).frames.size(), 5U);
}

TEST_F(FileSource, ADescriptionThatLeaksDoesNotStart) {
  const std::string file = folder_.file("a.mp4"), leak = folder_.file("leak.raw");
  test::launch_to_end(std::string(kTestPicture) + "x264enc ! h264parse ! mp4mux ! filesink location=" + file);
  const std::string codecs[] = {
      "h264parse ! tee name=t t. ! queue ! filesink name=thief location=" + leak + " t. ! queue ! avdec_h264",
      "h264parse ! avdec_h264 ! tee name=t t. ! queue ! appsink name=thief t. ! queue"};
  for (const std::string& codec : codecs) {
    std::ofstream(folder_.file("own.pipeline")) << "source: filesrc name=source\ncontainer.mp4: qtdemux\ncodec.h264: "
        << codec << "\nmasked: vgprivacymask name=mask ! appsink name=analysis\n";
    CameraConfig leaking = camera(file);
    leaking.source.pipeline = folder_.file("own.pipeline");
    const Seen seen = watch(leaking, offline());
    EXPECT_TRUE(seen.frames.empty());
    ASSERT_TRUE(seen.error);
    EXPECT_EQ(seen.error->code(), ErrorCode::kUntrusted);
    EXPECT_THAT(seen.error->message(), HasSubstr("thief"));
    std::error_code absent;
    EXPECT_TRUE(!std::filesystem::exists(leak) || std::filesystem::file_size(leak, absent) == 0) << "data leaked";
  }
}

TEST_F(FileSource, SizeChangeInMidStreamKeepsTheMask) {
  const std::string one = folder_.file("1.h264"), two = folder_.file("2.h264"), both = folder_.file("both.h264");
  const std::string tail = "x264enc key-int-max=10 ! h264parse config-interval=-1 ! "
                           "video/x-h264,stream-format=byte-stream,alignment=au ! filesink location=";
  test::launch_to_end("videotestsrc num-buffers=10 ! video/x-raw,format=I420,width=160,height=120 ! " + tail + one);
  test::launch_to_end("videotestsrc num-buffers=10 ! video/x-raw,format=I420,width=322,height=182 ! " + tail + two);
  std::ofstream(both, std::ios::binary) << std::ifstream(one, std::ios::binary).rdbuf()
                                        << std::ifstream(two, std::ios::binary).rdbuf();
  const Seen seen = watch(camera(both), offline());  // every frame is proven in there
  ASSERT_FALSE(seen.error) << seen.error->message();
  ASSERT_EQ(seen.frames.size(), 20U);
  EXPECT_EQ(seen.frames.front().width, 160);
  EXPECT_EQ(seen.frames.back().width, 322);
  EXPECT_EQ(seen.status.frames_refused, 0U);
}

TEST_F(FileSource, SaysWhatIsWrongWithAnInput) {
  EXPECT_EQ(watch(camera(folder_.file("absent.mp4")), offline()).error->code(), ErrorCode::kNotFound);
  std::ofstream(folder_.file("text.mp4")) << "no video, only words, and not few of them";
  const Seen text = watch(camera(folder_.file("text.mp4")), offline());
  EXPECT_EQ(text.error->code(), ErrorCode::kInvalidInput);
  EXPECT_THAT(text.error->message(), HasSubstr("text.mp4"));
  CameraConfig none;
  EXPECT_FALSE(open_source(none, *mask_, offline()));
}

TEST_F(FileSource, ADamagedFileGivesFramesOrAnErrorButNeverHangs) {
  const std::string file = folder_.file("a.mkv"), damaged = folder_.file("damaged.mkv");
  test::launch_to_end(std::string(kTestPicture) + "x264enc ! h264parse ! matroskamux ! filesink location=" + file);
  std::stringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  std::string data = bytes.str();
  for (std::size_t i = data.size() / 2; i < data.size(); i += 97) data[i] = static_cast<char>(data[i] ^ 0x55);
  std::ofstream(damaged, std::ios::binary) << data.substr(0, data.size() * 3 / 4);
  const Seen seen = watch(camera(damaged), offline());
  EXPECT_TRUE(seen.error || seen.status.state == SourceState::kEnded);
}

TEST_F(FileSource, AVideoDeviceThatIsNotThereIsSaid) {
  CameraConfig absent;
  absent.source.v4l2 = "/dev/video-that-is-not-there";
  const auto source = open_source(absent, *mask_, {});
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code(), ErrorCode::kNotFound);
  EXPECT_THAT(source.error().message(), HasSubstr("v4l2src"));
}

}  // namespace
}  // namespace veilgate::media
