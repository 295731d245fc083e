#include "ipc/event_loop.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/eventfd.h>

namespace veilgate::ipc {
namespace {

constexpr Millis kLongestWait{3'600'000};

MonoTime mono_now() { return MonoTime{std::chrono::steady_clock::now().time_since_epoch()}; }

}  // namespace

void Mailbox::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  work_.push_back(std::move(work));
  const std::uint64_t one = 1;
  // A full counter wakes the loop just as well.
  (void)!write(event_.get(), &one, sizeof one);
}

std::vector<std::function<void()>> Mailbox::take() {
  const std::lock_guard lock(mutex_);
  std::uint64_t count = 0;
  (void)!read(event_.get(), &count, sizeof count);
  return std::exchange(work_, {});
}

void Mailbox::close() {
  std::vector<std::function<void()>> dropped;  // destroyed outside the lock: its captures may post
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(work_);
}

Result<std::unique_ptr<EventLoop>> EventLoop::create() {
  UniqueFd event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event) return Error(ErrorCode::kInternal, std::string("eventfd: ") + std::strerror(errno));
  std::unique_ptr<EventLoop> loop(new EventLoop(std::make_shared<Mailbox>(std::move(event))));
  EventLoop* raw = loop.get();
  loop->watch(loop->mailbox_->fd(), POLLIN, [raw](short) {
    for (const auto& work : raw->mailbox_->take()) work();
  });
  return loop;
}

EventLoop::~EventLoop() { mailbox_->close(); }

void EventLoop::watch(int fd, short events, FdCallback callback) {
  watches_[fd] = Watch{events, ++generation_, std::make_shared<FdCallback>(std::move(callback))};
}

void EventLoop::set_events(int fd, short events) {
  if (const auto found = watches_.find(fd); found != watches_.end()) found->second.events = events;
}

void EventLoop::unwatch(int fd) { watches_.erase(fd); }

EventLoop::TimerId EventLoop::after(Millis delay, std::function<void()> callback) {
  const TimerId id = next_timer_++;
  timers_[id] = Timer{mono_now() + delay, Millis{0}, std::move(callback)};
  return id;
}

EventLoop::TimerId EventLoop::every(Millis period, std::function<void()> callback) {
  const TimerId id = next_timer_++;
  timers_[id] = Timer{mono_now() + period, std::max(period, Millis{1}), std::move(callback)};
  return id;
}

void EventLoop::cancel(TimerId id) { timers_.erase(id); }

void EventLoop::run() {
  while (!stopping_) turn(kLongestWait);
}

void EventLoop::stop() {
  post([this] { stopping_ = true; });
}

void EventLoop::turn(Millis limit) {
  dispatch_fds(wait_ms(limit));
  run_timers();
}

int EventLoop::wait_ms(Millis limit) const {
  Millis wait = std::min(limit, kLongestWait);
  const auto now = mono_now();
  for (const auto& [id, timer] : timers_) wait = std::min(wait, std::chrono::ceil<Millis>(timer.due - now));
  return static_cast<int>(std::max<std::int64_t>(wait.count(), 0));
}

void EventLoop::run_timers() {
  const auto now = mono_now();
  std::vector<TimerId> due;
  for (const auto& [id, timer] : timers_)
    if (timer.due <= now) due.push_back(id);
  for (const TimerId id : due) {
    const auto found = timers_.find(id);  // a callback before this one may have cancelled it
    if (found == timers_.end()) continue;
    const auto callback = found->second.callback;
    if (found->second.period == Millis{0}) {
      timers_.erase(found);
    } else {
      found->second.due = now + found->second.period;
    }
    callback();
  }
}

void EventLoop::dispatch_fds(int timeout_ms) {
  struct Ready {
    int fd;
    std::uint64_t generation;
  };
  std::vector<pollfd> entries;
  std::vector<Ready> order;
  for (const auto& [fd, entry] : watches_) {
    entries.push_back({fd, entry.events, 0});
    order.push_back({fd, entry.generation});
  }
  if (poll(entries.data(), entries.size(), timeout_ms) <= 0) return;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].revents == 0) continue;
    const auto found = watches_.find(order[i].fd);
    // Closed, or closed and opened again, by a callback of this same turn.
    if (found == watches_.end() || found->second.generation != order[i].generation) continue;
    const auto callback = found->second.callback;
    (*callback)(entries[i].revents);
  }
}

}  // namespace veilgate::ipc
