#include "media/element_roles.h"

#include <map>

namespace veilgate::media {
namespace {

struct Entry {
  ElementRole role;
  const char* package;
};

constexpr char kBase[] = "gstreamer1.0-plugins-base", kGood[] = "gstreamer1.0-plugins-good",
               kBad[] = "gstreamer1.0-plugins-bad", kLibav[] = "gstreamer1.0-libav", kVaapi[] = "gstreamer1.0-vaapi",
               kCore[] = "libgstreamer1.0-0";

const std::map<std::string_view, Entry>& table() {
  using enum ElementRole;
  static const std::map<std::string_view, Entry> all{
      {"bin", {kBin, kCore}},
      {"pipeline", {kBin, kCore}},
      {"vgprivacymask", {kMask, ""}},
      {"appsink", {kSink, kBase}},
      // sources
      {"filesrc", {kSource, kCore}},
      {"rtspsrc", {kSource, kGood}},
      {"v4l2src", {kSource, kGood}},
      {"videotestsrc", {kSource, kBase}},
      // containers
      {"qtdemux", {kStep, kGood}},
      {"matroskademux", {kStep, kGood}},
      {"avidemux", {kStep, kGood}},
      {"tsdemux", {kStep, kBad}},
      // RTP and parsers
      {"rtph264depay", {kStep, kGood}},
      {"rtph265depay", {kStep, kGood}},
      {"rtpjpegdepay", {kStep, kGood}},
      {"h264parse", {kStep, kBad}},
      {"h265parse", {kStep, kBad}},
      {"jpegparse", {kStep, kBad}},
      // decoders in software
      {"avdec_h264", {kStep, kLibav}},
      {"avdec_h265", {kStep, kLibav}},
      {"avdec_mjpeg", {kStep, kLibav}},
      {"jpegdec", {kStep, kGood}},
      {"openh264dec", {kStep, kBad}},
      {"libde265dec", {kStep, kBad}},
      // decoders in hardware: V4L2, VA-API, NVIDIA, Rockchip
      {"v4l2h264dec", {kStep, kGood}},
      {"v4l2h265dec", {kStep, kGood}},
      {"v4l2jpegdec", {kStep, kGood}},
      {"v4l2slh264dec", {kStep, kBad}},
      {"v4l2slh265dec", {kStep, kBad}},
      {"vah264dec", {kStep, kBad}},
      {"vah265dec", {kStep, kBad}},
      {"vaapih264dec", {kStep, kVaapi}},
      {"vaapih265dec", {kStep, kVaapi}},
      {"nvh264dec", {kStep, kBad}},
      {"nvh265dec", {kStep, kBad}},
      {"cudadownload", {kStep, kBad}},
      {"mppvideodec", {kStep, ""}},
      {"mppjpegdec", {kStep, ""}},
      // plumbing without side effects
      {"capsfilter", {kStep, kCore}},
      {"queue", {kStep, kCore}},
      {"tee", {kStep, kCore}},
      {"videoconvert", {kStep, kBase}},
      {"videorate", {kStep, kBase}},
      // what moves, turns, crops or scales the picture would move it under the mask: only behind it
      {"vapostproc", {kAfterMask, kBad}},
      {"vaapipostproc", {kAfterMask, kVaapi}},
      {"videoscale", {kAfterMask, kBase}},
      {"v4l2convert", {kAfterMask, kGood}},
      // pictures, behind the mask
      {"jpegenc", {kAfterMask, kGood}},
      {"pngenc", {kAfterMask, kGood}},
  };
  return all;
}

}  // namespace

std::optional<ElementRole> element_role(std::string_view factory) {
  const auto found = table().find(factory);
  if (found == table().end()) return std::nullopt;
  return found->second.role;
}

bool is_opaque(std::string_view factory) { return factory == "rtspsrc"; }

std::string package_of(std::string_view factory) {
  const auto found = table().find(factory);
  return found == table().end() ? "" : found->second.package;
}

std::vector<std::string> allowed_elements() {
  std::vector<std::string> names;
  for (const auto& [name, entry] : table()) names.emplace_back(name);
  return names;
}

}  // namespace veilgate::media
