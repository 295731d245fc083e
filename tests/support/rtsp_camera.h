#pragma once
// A real RTSP camera for tests: gst-rtsp-server on 127.0.0.1 at a port the kernel chose, in its own thread, with the
// misbehaviour that tests need. Ends with the object. Thread word: thread-safe.

#include <atomic>
#include <memory>
#include <string>

namespace veilgate::test {

struct RtspCameraOptions {
  enum class Authentication { kNone, kBasic, kDigest };
  std::string path = "/stream2";
  std::string codec = "h264";  ///< h264 | h265 | mjpeg
  int width = 320;
  int height = 240;
  int fps = 10;
  std::string pattern = "ball";  ///< of videotestsrc
  bool audio = false;
  Authentication authentication = Authentication::kNone;
  std::string user = "viewer";
  std::string password;
  std::string certificate_pem;  ///< with its key, PEM; empty = plain RTSP
  std::string key_pem;
  int port = 0;  ///< 0: chosen by the kernel; else the port of a camera that comes back
};

class RtspCamera {
 public:
  explicit RtspCamera(RtspCameraOptions options = {});
  ~RtspCamera();
  RtspCamera(const RtspCamera&) = delete;
  RtspCamera& operator=(const RtspCamera&) = delete;

  int port() const;
  std::string url() const;     ///< without user and password
  int refused_logins() const;  ///< requests that offered user and password and were refused
  int plays() const;           ///< PLAY requests granted

  /// The socket stays open, but no packet comes any more (a half-dead camera); false resumes.
  void set_silent(bool silent);
  /// From now on every log-in is refused.
  void refuse_credentials();
  /// Closes every client's connection, as a camera does that restarts its service.
  void drop_clients();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace veilgate::test
