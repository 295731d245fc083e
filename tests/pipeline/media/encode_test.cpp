#include "media/encode.h"

#include <gtest/gtest.h>

#include <cstring>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "media/gstreamer.h"

namespace veilgate::media {
namespace {

BgrImage gradient(int width, int height) {
  BgrImage image{width, height, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int value : {x * 255 / width, y * 255 / height, 255 - x * 255 / width})
        image.pixels.push_back(static_cast<std::uint8_t>(value));
  return image;
}

BgrImage decode(const Bytes& bytes, const std::string& decoder) {
  const Owned<GstElement> pipeline(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(
      ("appsrc name=in ! " + decoder + " ! videoconvert ! video/x-raw,format=BGR ! appsink name=out").c_str(), nullptr))));
  const Owned<GstElement> in(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
  const Owned<GstElement> out(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, bytes.size(), nullptr);
  gst_buffer_fill(buffer, 0, bytes.data(), bytes.size());
  gst_app_src_push_buffer(GST_APP_SRC(in.get()), buffer);
  gst_app_src_end_of_stream(GST_APP_SRC(in.get()));
  const Owned<GstSample> sample(gst_app_sink_try_pull_sample(GST_APP_SINK(out.get()), 5 * GST_SECOND));
  BgrImage image;
  if (sample) {
    const GstStructure* s = gst_caps_get_structure(gst_sample_get_caps(sample.get()), 0);
    gst_structure_get_int(s, "width", &image.width);
    gst_structure_get_int(s, "height", &image.height);
    GstMapInfo map;
    gst_buffer_map(gst_sample_get_buffer(sample.get()), &map, GST_MAP_READ);
    const int stride = (image.width * 3 + 3) / 4 * 4;
    for (int y = 0; y < image.height; ++y)
      image.pixels.insert(image.pixels.end(), map.data + y * stride, map.data + y * stride + image.width * 3);
    gst_buffer_unmap(gst_sample_get_buffer(sample.get()), &map);
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return image;
}

TEST(Encode, PngIsLosslessAtOddSizes) {
  for (auto [width, height] : {std::pair{64, 40}, {33, 17}, {1, 1}}) {
    const BgrImage image = gradient(width, height);
    const auto png = encode_png(image);
    ASSERT_TRUE(png) << png.error().message();
    const BgrImage back = decode(*png, "pngdec");
    EXPECT_EQ(back.width, width);
    EXPECT_TRUE(back.pixels == image.pixels) << width;
  }
}

TEST(Encode, JpegIsABaselineJpegCloseToThePicture) {
  const BgrImage image = gradient(120, 90);
  const auto jpeg = encode_jpeg(image, 90);
  ASSERT_TRUE(jpeg) << jpeg.error().message();
  const std::string_view text = as_text(*jpeg);
  EXPECT_EQ(text.substr(0, 2), "\xff\xd8");
  EXPECT_NE(text.find("\xff\xc0"), std::string_view::npos) << "not baseline";
  EXPECT_EQ(text.find("Exif"), std::string_view::npos);
  const BgrImage back = decode(*jpeg, "jpegdec");
  ASSERT_EQ(back.pixels.size(), image.pixels.size());
  double error = 0;
  for (std::size_t i = 0; i < image.pixels.size(); ++i) error += std::abs(image.pixels[i] - back.pixels[i]);
  EXPECT_LT(error / static_cast<double>(image.pixels.size()), 4);
  EXPECT_LT(encode_jpeg(image, 20)->size(), jpeg->size());
}

TEST(Encode, RefusesWhatIsNoPicture) {
  EXPECT_FALSE(encode_png({0, 0, {}}));
  EXPECT_FALSE(encode_png({4, 4, {1, 2, 3}}));
  EXPECT_FALSE(encode_jpeg(gradient(8, 8), 0));
}

}  // namespace
}  // namespace veilgate::media
