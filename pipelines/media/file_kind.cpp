#include "media/file_kind.h"

#include <fstream>
#include <map>
#include <vector>

#include <gst/base/gsttypefindhelper.h>

#include "media/gstreamer.h"

namespace veilgate::media {

Result<FileKind> kind_of_file(const std::string& path) {
  VG_CHECK(start_gstreamer());
  std::ifstream file(path, std::ios::binary);
  std::vector<char> head(256 * 1024);
  if (file) file.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (file.gcount() <= 0) return Error(ErrorCode::kNotFound, "video file " + path + " cannot be read");

  GstTypeFindProbability certainty = GST_TYPE_FIND_NONE;
  const Owned<GstCaps> caps(gst_type_find_helper_for_data(nullptr, reinterpret_cast<const guint8*>(head.data()),
                                                          static_cast<gsize>(file.gcount()), &certainty));
  const std::string type = caps ? gst_structure_get_name(gst_caps_get_structure(caps.get(), 0)) : "";
  static const std::map<std::string, FileKind> kKnown{
      {"video/quicktime", {"mp4", ""}},    {"audio/x-m4a", {"mp4", ""}},   {"application/x-3gp", {"mp4", ""}},
      {"video/x-matroska", {"mkv", ""}},   {"video/webm", {"mkv", ""}},    {"video/x-msvideo", {"avi", ""}},
      {"audio/x-matroska", {"mkv", ""}},   {"video/mpegts", {"ts", ""}},        {"video/x-h264", {"", "h264"}}, {"video/x-h265", {"", "h265"}},
      {"image/jpeg", {"", "mjpeg"}},
  };
  const auto found = kKnown.find(type);
  if (found != kKnown.end()) return found->second;
  return Error(ErrorCode::kInvalidInput, path + (type.empty() ? " is no video file" : " is " + type) +
                                             "; known are MP4, MKV, AVI, MPEG-TS, and bare H.264, H.265 and MJPEG");
}

}  // namespace veilgate::media
