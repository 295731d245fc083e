#include "simcam/serve/picture_source.h"

#include <cstring>
#include <filesystem>

#include <gst/app/gstappsink.h>
#include <gst/gst.h>

namespace veilgate::simcam {
namespace {

class LobbyPictures final : public PictureSource {
 public:
  explicit LobbyPictures(std::unique_ptr<LobbyScene> scene) : scene_(std::move(scene)) {}
  PictureSize size() const override { return scene_->settings().size; }
  std::uint64_t period_frames() const override { return scene_->period_frames(); }
  Result<FrameTruth> picture(std::uint64_t number, std::vector<std::uint8_t>& i420) override {
    i420.resize(scene_->frame_bytes());
    return scene_->render(number, i420.data());
  }

 private:
  std::unique_ptr<LobbyScene> scene_;
};

struct Unref {
  void operator()(GstElement* element) const {
    gst_element_set_state(element, GST_STATE_NULL);
    gst_object_unref(element);
  }
};

class VideoPictures final : public PictureSource {
 public:
  VideoPictures(std::unique_ptr<GstElement, Unref> pipeline, PictureSize size, int fps)
      : pipeline_(std::move(pipeline)),
        size_(size),
        fps_(fps),
        sink_(GST_APP_SINK(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "sink"))) {
    gst_object_unref(sink_);  // the pipeline keeps it
  }
  PictureSize size() const override { return size_; }
  std::uint64_t period_frames() const override { return period_; }

  Result<FrameTruth> picture(std::uint64_t number, std::vector<std::uint8_t>& i420) override {
    const std::uint64_t wanted = period_ == 0 ? number : number % period_;
    if (wanted != next_) VG_CHECK(seek(wanted));
    GstSample* sample = gst_app_sink_try_pull_sample(sink_, 5 * GST_SECOND);
    if (sample == nullptr && next_ > 0 && gst_app_sink_is_eos(sink_)) {
      period_ = next_;
      VG_CHECK(seek(0));
      sample = gst_app_sink_try_pull_sample(sink_, 5 * GST_SECOND);
    }
    if (sample == nullptr) return Error(ErrorCode::kCorrupt, "the video gives no picture");
    copy(sample, i420);
    gst_sample_unref(sample);
    ++next_;
    return FrameTruth{number, static_cast<double>(number) / fps_, {}};
  }

 private:
  Result<void> seek(std::uint64_t to) {
    const auto at = static_cast<gint64>(to * GST_SECOND / static_cast<std::uint64_t>(fps_));
    const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE);
    if (!gst_element_seek_simple(pipeline_.get(), GST_FORMAT_TIME, flags, at))
      return Error(ErrorCode::kInvalidInput, "the video cannot be begun again: it has no index");
    next_ = to;
    return {};
  }
  void copy(GstSample* sample, std::vector<std::uint8_t>& i420) const {
    GstMapInfo map;
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return;
    i420.assign(map.data, map.data + map.size);
    gst_buffer_unmap(buffer, &map);
    i420.resize(static_cast<std::size_t>(size_.width) * static_cast<std::size_t>(size_.height) * 3 / 2);
  }

  std::unique_ptr<GstElement, Unref> pipeline_;
  PictureSize size_;
  int fps_;
  GstAppSink* sink_;
  std::uint64_t next_ = 0;
  std::uint64_t period_ = 0;
};

}  // namespace

Result<std::unique_ptr<PictureSource>> open_lobby(LobbyScene::Settings settings) {
  VG_TRY(auto scene, LobbyScene::create(std::move(settings)));
  return std::unique_ptr<PictureSource>(std::make_unique<LobbyPictures>(std::move(scene)));
}

Result<std::unique_ptr<PictureSource>> open_video(const std::string& file, PictureSize size, int fps) {
  if (!std::filesystem::is_regular_file(file)) return Error(ErrorCode::kNotFound, "no such video: " + file);
  // Widths that are multiples of 4 have rows without padding in I420; others go through a copy in
  // videoconvert.
  const std::string description =
      "filesrc name=file ! decodebin ! videorate ! videoscale ! videoconvert ! "
      "video/x-raw,format=I420,width=" +
      std::to_string((size.width + 7) / 8 * 8) + ",height=" + std::to_string(size.height) +
      ",framerate=" + std::to_string(fps) + "/1 ! appsink name=sink sync=false max-buffers=4";
  GError* error = nullptr;
  std::unique_ptr<GstElement, Unref> pipeline(gst_parse_launch(description.c_str(), &error));
  if (error != nullptr) {
    const std::string message = error->message;
    g_error_free(error);
    return Error(ErrorCode::kMissingPart, message);
  }
  GstElement* source = gst_bin_get_by_name(GST_BIN(pipeline.get()), "file");
  g_object_set(source, "location", file.c_str(), nullptr);
  gst_object_unref(source);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  if (gst_element_get_state(pipeline.get(), nullptr, nullptr, 10 * GST_SECOND) != GST_STATE_CHANGE_SUCCESS)
    return Error(ErrorCode::kCorrupt, "cannot decode " + file);
  size.width = (size.width + 7) / 8 * 8;
  return std::unique_ptr<PictureSource>(std::make_unique<VideoPictures>(std::move(pipeline), size, fps));
}

}  // namespace veilgate::simcam
