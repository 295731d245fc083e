#pragma once
// Signals as events on a loop. Thread word: thread-bound; create before the first thread, so that every thread
// inherits the mask.

#include <functional>
#include <initializer_list>
#include <memory>

#include "core/result.h"
#include "ipc/event_loop.h"

namespace veilgate::process {

class Signals {
 public:
  /// Blocks `numbers` for ordinary delivery and calls back with each that arrives.
  static Result<std::unique_ptr<Signals>> watch(ipc::EventLoop& loop, std::initializer_list<int> numbers,
                                                std::function<void(int number)> on_signal);
  ~Signals();

 private:
  Signals(ipc::EventLoop& loop, ipc::UniqueFd fd) : loop_(loop), fd_(std::move(fd)) {}

  ipc::EventLoop& loop_;
  ipc::UniqueFd fd_;
};

}  // namespace veilgate::process
