#pragma once
// One thread that waits for descriptors, timers and posted work. Every server, client and supervisor of a process
// lives on its loop, so their callbacks never run at the same time.
// Thread word: thread-bound, except post(), stop() and a Mailbox, which are thread-safe.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "ipc/unique_fd.h"

namespace veilgate::ipc {

/// Work for a loop from any thread. Outlives the loop: what is posted afterwards is dropped.
class Mailbox {
 public:
  explicit Mailbox(UniqueFd event) : event_(std::move(event)) {}
  void post(std::function<void()> work);
  int fd() const { return event_.get(); }
  std::vector<std::function<void()>> take();
  void close();

 private:
  std::mutex mutex_;
  UniqueFd event_;
  bool closed_ = false;
  std::vector<std::function<void()>> work_;
};

class EventLoop {
 public:
  using TimerId = std::uint64_t;
  using FdCallback = std::function<void(short revents)>;  ///< poll(2) bits

  static Result<std::unique_ptr<EventLoop>> create();
  ~EventLoop();

  /// `events` are poll(2) bits. The descriptor is borrowed; unwatch it before closing. Replaces an earlier watch.
  void watch(int fd, short events, FdCallback callback);
  void set_events(int fd, short events);
  void unwatch(int fd);

  TimerId after(Millis delay, std::function<void()> callback);
  TimerId every(Millis period, std::function<void()> callback);
  void cancel(TimerId id);

  void post(std::function<void()> work) { mailbox_->post(std::move(work)); }
  std::shared_ptr<Mailbox> mailbox() const { return mailbox_; }

  void run();   ///< until stop()
  void stop();
  /// One turn: waits at most `limit` for something to do. For tests and for loops inside other loops.
  void turn(Millis limit);

 private:
  explicit EventLoop(std::shared_ptr<Mailbox> mailbox) : mailbox_(std::move(mailbox)) {}
  struct Timer {
    MonoTime due;
    Millis period;  ///< 0 = once
    std::function<void()> callback;
  };
  struct Watch {
    short events;
    std::uint64_t generation;
    std::shared_ptr<FdCallback> callback;
  };
  int wait_ms(Millis limit) const;
  void run_timers();
  void dispatch_fds(int timeout_ms);

  std::shared_ptr<Mailbox> mailbox_;
  std::map<int, Watch> watches_;
  std::map<TimerId, Timer> timers_;
  TimerId next_timer_ = 1;
  std::uint64_t generation_ = 0;
  bool stopping_ = false;
};

}  // namespace veilgate::ipc
