#pragma once
// The network side of the test camera: an RTSP server on loopback that hands coded pictures to whoever plays
// one of its paths, and the faults of that side. Source: RFC 2326, RFC 7616 (digest), RFC 3550 (sender
// reports). Thread word: thread-safe.

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "simcam/serve/encoder.h"

namespace veilgate::simcam {

enum class Authentication { kNone, kBasic, kDigest };
enum class Sound { kNone, kTicks };

class RtspServer {
 public:
  struct Settings {
    std::string address = "127.0.0.1";
    int port = 0;                    ///< 0 = chosen by the kernel
    std::vector<std::string> paths;  ///< "/lobby"; every path shows the same pictures
    Codec codec = Codec::kH264;
    Authentication authentication = Authentication::kNone;
    std::string user;
    std::string password;
    std::string tls_certificate;  ///< PEM files; empty = plain RTSP
    std::string tls_key;
    Sound sound = Sound::kNone;
  };
  static Result<std::unique_ptr<RtspServer>> create(Settings settings);
  ~RtspServer();

  int port() const;
  /// Without user and password.
  std::vector<std::string> urls() const;
  int clients() const;

  /// To everyone who plays; newcomers begin with the next keyframe.
  void deliver(const AccessUnit& unit);

  void end_streams();
  void drop_clients();
  /// For clients that connect from now on; those connected are cut.
  void set_codec(Codec codec);
  /// Takes effect with the next connection.
  void set_refusing(bool refusing);
  /// Refuses once `connections` more were accepted; 0 = never.
  void refuse_after(int connections);
  void set_clock_skew(double seconds);

  struct State;

 private:
  explicit RtspServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace veilgate::simcam
