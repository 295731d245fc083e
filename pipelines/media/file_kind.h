#pragma once
// What a video file is, from its first bytes (its name does not count). Internal to pipelines/media.
// Thread word: reentrant.

#include <string>

#include "core/result.h"

namespace veilgate::media {

struct FileKind {
  std::string container;  ///< "mp4" | "mkv" | "avi" | "ts"; empty for a bare stream
  std::string codec;      ///< "h264" | "h265" | "mjpeg" for a bare stream; empty when the container will tell
};
/// kNotFound when it cannot be read, kInvalidInput when it is no video we know.
Result<FileKind> kind_of_file(const std::string& path);

}  // namespace veilgate::media
