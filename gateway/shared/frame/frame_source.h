#pragma once
// Where frames come from: a live camera or a file. Implemented in pipelines/media, the only GStreamer user.
// Thread word: next() is thread-bound (the worker's loop); status() is thread-safe.

#include <optional>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "frame/frame.h"

namespace veilgate {

enum class SourceState {
  kStarting,    ///< first connection under way
  kOnline,      ///< a decoded frame younger than the configured limit
  kLost,        ///< no fresh frame; trying again by itself (back-off with jitter, no attempt limit)
  kHeld,        ///< not trying: credentials refused, device not the approved one, restart brake; reason says until when
  kEnded,       ///< a file is at its end
};
const char* to_string(SourceState state);

struct SourceStatus {
  SourceState state = SourceState::kStarting;
  std::string reason;        ///< stable, snake_case: "credentials_refused", "certificate_differs", "no_frames" …; "" = none
  std::string message;       ///< for people, English; never a password or a URL with one
  std::string message_zh;    ///< the same in Chinese
  int width = 0;
  int height = 0;
  std::string codec;         ///< "h264" | "h265" | "mjpeg" | "raw" | ""
  double fps = 0;            ///< decoded frames per second over the last seconds
  std::uint64_t frames = 0;          ///< decoded since start
  std::uint64_t frames_dropped = 0;  ///< decoded but not taken in time by analysis
  std::uint64_t frames_refused = 0;  ///< refused by the privacy mask (fail closed)
  std::uint64_t reconnects = 0;
  std::optional<Millis> last_frame_age;
  std::string device_certificate_sha256;  ///< the TLS certificate the device showed, hex; "" = none seen
  std::string device_mac;                 ///< of its address on our own network segment; "" = not seen
  std::string device_onvif_serial;        ///< as ONVIF states it; "" = not asked or not answered
  std::optional<std::chrono::seconds> clock_offset;  ///< the camera's clock minus ours, where it says (R-064)
  std::optional<Millis> duration;         ///< of a file, where its container says so
};

class FrameSource {
 public:
  virtual ~FrameSource() = default;

  /// The next decoded frame, already painted by the mask element but not yet proven: hand it to PrivacyMask::apply.
  /// Nothing within `timeout`: no value (ask status() why). Errors are final: this source will never give a frame.
  virtual Result<std::optional<RawFrame>> next(Millis timeout) = 0;
  virtual SourceStatus status() const = 0;
};

}  // namespace veilgate
