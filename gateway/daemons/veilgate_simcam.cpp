// veilgate-simcam: the test camera. Serves a rendered lobby or a video over RTSP, or renders into files.

#include <csignal>
#include <iostream>

#include "core/exit_code.h"
#include "core/log.h"
#include "simcam/serve/options.h"

namespace {

using namespace veilgate;
using namespace veilgate::simcam;

TestCamera* running = nullptr;  // for the signal handler only
extern "C" void stop_running(int) { running->stop(); }

int exit_code_of(const Error& error) {
  std::cerr << error.message() << "\n";
  switch (error.code()) {
    case ErrorCode::kInvalidInput:
      return kExitUsage;
    case ErrorCode::kNotFound:
    case ErrorCode::kCorrupt:
      return kExitNoInput;
    case ErrorCode::kPermission:
      return kExitPermission;
    case ErrorCode::kMissingPart:
      return kExitMissingPart;
    default:
      return kExitInternal;
  }
}

int serve(TestCamera::Settings settings) {
  auto camera = TestCamera::create(std::move(settings));
  if (!camera) return exit_code_of(camera.error());
  running = camera->get();
  std::signal(SIGINT, stop_running);
  std::signal(SIGTERM, stop_running);
  std::signal(SIGPIPE, SIG_IGN);
  const auto ended = (*camera)->run();
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  return ended ? kExitOk : exit_code_of(ended.error());
}

int render(const RenderOrder& order) {
  const auto rendered = render_to_file(order);
  return rendered ? kExitOk : exit_code_of(rendered.error());
}

int prepare(const PrepareOrder& order) {
  auto scene = LobbyScene::create(order.lobby);
  if (!scene) return exit_code_of(scene.error());
  (*scene)->prepare(
      [](double done) { std::cerr << "\r" << static_cast<int>(done * 100) << " %" << std::flush; });
  std::cerr << "\n";
  return kExitOk;
}

}  // namespace

int main(int argc, char** argv) {
  init_log("veilgate-simcam");
  Task task = parse_options(argc, argv);
  if (const int* code = std::get_if<int>(&task)) return *code;
  if (auto* camera = std::get_if<TestCamera::Settings>(&task)) return serve(std::move(*camera));
  if (const auto* order = std::get_if<PrepareOrder>(&task)) return prepare(*order);
  return render(std::get<RenderOrder>(task));
}
