#pragma once
// Lines in, answers out: standard input or a Unix socket. Thread word: create() and the destructor
// thread-bound; the handler is called from the control's own thread.

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/result.h"

namespace veilgate::simcam {

class Control {
 public:
  using Handler = std::function<std::string(const std::string& line)>;
  /// `where` is "-" for standard input and output, else the path of a Unix stream socket, which is made (and
  /// one that nobody listens on is replaced).
  static Result<std::unique_ptr<Control>> create(const std::string& where, Handler handler);
  ~Control();

 private:
  struct Peer {
    int in, out;
    std::string pending;
  };
  Control(Handler handler, std::string path) : handler_(std::move(handler)), path_(std::move(path)) {}
  void run();
  bool serve(Peer& peer);  // false = gone

  Handler handler_;
  std::string path_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::vector<Peer> peers_;
  std::thread thread_;
};

}  // namespace veilgate::simcam
