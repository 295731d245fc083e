// A worker that speaks the worker protocol without any video, for tests of the lane's parent. What it does is told by
// the camera's id: the part before the first '-' is a behaviour.
//   good     reports "online" often and sends one event result at its start, another when it is asked to end
//   burst    like good, but sends 150 results when it is asked to end
//   crash    exits at once with code 3
//   mute     configures and then says nothing
//   garbage  sends bytes that are no frame
//   liar     sends a result of another camera
//   schema   sends a result with a key that is not in the closed schema
//   turned   reports a shifted view, or "unconfirmed" when it was told that one is
//   flood    sends results as fast as it can

#include <csignal>
#include <cstdio>

#include <sys/signalfd.h>
#include <sys/socket.h>
#include <poll.h>
#include <unistd.h>

#include "ipc/channel.h"
#include "lane/worker_protocol.h"
#include "process/child.h"
#include "result/payload.h"

namespace {

using namespace veilgate;
using namespace veilgate::surveillance;

EventResult event_of(int number) {
  EventResult event;
  char id[27];
  std::snprintf(id, sizeof id, "01J0000000000000000000%04d", number);
  event.id = ResultId(id);
  event.rule = "no-entry";
  event.type = RuleType::kIntrusion;
  event.zone = "lobby";
  event.object = ObjectId(1);
  event.begin = event.time = UtcTime{Millis{1'700'000'000'000}};
  event.confidence = 1;
  return event;
}

struct Worker {
  ipc::Channel channel{ipc::UniqueFd(process::kChildChannel)};
  WorkerTask task;

  CameraId camera() const { return task.cameras.front(); }
  std::string behaviour() const { return camera().get().substr(0, camera().get().find('-')); }
  bool send(const ipc::Message& message) { return channel.send(message, Millis{5000}).has_value(); }
  bool send_event(const CameraId& of, int number) { return send(to_message(WorkerResult{of, event_of(number)})); }
  bool report() {
    CameraReport report;
    report.camera = camera();
    report.source.state = SourceState::kOnline;
    report.source.width = 1920;
    report.source.height = 1080;
    report.source.codec = "h264";
    report.source.fps = 25;
    report.source.last_frame_age = Millis{10};
    report.view = "good";
    if (behaviour() == "turned") report.view = task.unconfirmed_views.empty() ? "shifted" : "unconfirmed";
    return send(to_message(report));
  }
};

void run(Worker& worker, int signals) {
  const auto behaviour = worker.behaviour();
  if (behaviour == "crash") _exit(3);
  if (behaviour == "garbage") (void)!::send(worker.channel.fd(), "garbage!", 8, 0);
  if (behaviour == "liar") worker.send_event(CameraId("good-1"), 1);
  if (behaviour == "schema") {
    auto message = to_message(WorkerResult{worker.camera(), event_of(1)});
    message.body.insert(message.body.begin() + 1, {'"', 'n', 'a', 'm', 'e', '"', ':', '"', 'x', '"', ','});
    worker.send(message);
  }
  if (behaviour == "flood")
    for (int i = 0; i < 2000; ++i) worker.send_event(worker.camera(), i);
  if (behaviour == "good") worker.send_event(worker.camera(), 1);
  while (true) {
    if (behaviour != "mute" && !worker.report()) return;
    pollfd ready{signals, POLLIN, 0};
    if (poll(&ready, 1, 50) > 0) break;
  }
  if (behaviour == "good") worker.send_event(worker.camera(), 2);
  if (behaviour == "burst")
    for (int i = 0; i < 150; ++i) worker.send_event(worker.camera(), i);
}

}  // namespace

int main() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  const int signals = signalfd(-1, &set, 0);
  Worker worker;
  const auto first = worker.channel.receive(Millis{10'000});
  if (!first || !*first) return 1;
  auto task = parse_task(**first);
  if (!task) return 2;
  worker.task = std::move(*task);
  run(worker, signals);
  return 0;
}
