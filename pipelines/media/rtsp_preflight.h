#pragma once
// One RTSP DESCRIBE before the media pipeline is built: tells which of network, TLS, name, credentials or stream is at
// fault, where GStreamer's rtspsrc gives the same generic error for all of them, and learns the device's certificate,
// codec and clock. Used by `veilgate probe` and before every connection attempt.
//
// Source: RFC 2326 (RTSP 1.0) sections 10.2 and 12; RFC 7616 / RFC 2617 authentication through gstreamer-rtsp.
// Thread word: reentrant; blocks up to about three times `timeout`.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "media/camera_credentials.h"
#include "media/camera_trust.h"

namespace veilgate::media {

enum class PreflightStage { kName, kNetwork, kTls, kCredentials, kStream, kPassed };
const char* to_string(PreflightStage stage);  ///< "name" | "network" | "tls" | "credentials" | "stream" | "passed"

struct PreflightReport {
  PreflightStage stage = PreflightStage::kName;  ///< kPassed, or the one that failed
  std::string reason;        ///< stable, snake_case: connection_refused, tls_wrong_name, credentials_refused, …; "" when passed
  std::string message;       ///< for people, English; holds no secret
  std::string message_zh;
  CertificateFacts certificate;
  std::string video_codec;   ///< "h264" | "h265" | "mjpeg" | as named in the SDP; "" unknown
  int video_tracks = 0;
  int audio_tracks = 0;
  std::string authentication;  ///< "none" | "basic" | "digest"
  std::optional<std::chrono::seconds> clock_offset;  ///< the camera's Date header minus ours
  /// The connection, still open: keep it until the media pipeline has its own. Servers that build their encoder for the
  /// first client would tear it down in between and refuse the next one for a moment.
  std::shared_ptr<void> connection;
};

struct PreflightRequest {
  std::string url;                 ///< rtsp:// or rtsps://, without user and password
  CameraCredentials credentials;
  CameraTrust* trust = nullptr;    ///< needed for rtsps
  Millis timeout{4000};            ///< for each of connect, TLS, answer
};

PreflightReport rtsp_preflight(const PreflightRequest& request, const Clock& clock);

/// Whether something answers RTSP there (OPTIONS, no log-in): cheap enough to ask every few seconds while waiting, so
/// that a camera which was gone for hours is back at once.
bool rtsp_answers(const PreflightRequest& request);

}  // namespace veilgate::media
