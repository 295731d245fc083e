// What the privacy mask costs beside decoding: user + system CPU of the whole process, in alternating runs on the same
// file. R is gst-launch-1.0 decoding alone. Usage: bench_mask_cost VIDEO.mp4 [ROUNDS]
//
// "mask": decode, paint two zones (19 % of the picture), prove them. "open": the same without zones (no copy).
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "frame/scale.h"
#include "media/open_source.h"

namespace {

using namespace veilgate;

/// Only decoding, masking, proving; `luma`: the box downscale of analysis too.
int watch(const std::string& file, const std::string& what) {
  PrivacyMask::Settings settings;
  if (what != "open")
    settings.zones = {{"a", {{0.05, 0.1}, {0.45, 0.1}, {0.5, 0.4}, {0.3, 0.5}, {0.05, 0.4}}},
                      {"b", {{0.7, 0.6}, {0.95, 0.6}, {0.95, 0.8}, {0.7, 0.8}}}};
  const auto mask = std::move(PrivacyMask::create(settings)).value();
  CameraConfig camera;
  camera.source.file = file;
  media::OpenOptions options;
  options.pace = media::Pace::kAsFastAsPossible;
  auto source = media::open_source(camera, *mask, options);
  if (!source) return std::fprintf(stderr, "%s\n", source.error().message().c_str()), 1;
  LumaImage luma;
  while (true) {
    auto raw = (*source)->next(Millis{10000});
    if (!raw || !raw->has_value()) return raw ? 0 : 1;
    const auto frame = mask->apply(std::move(**raw));
    if (!frame) return 1;
    if (what == "luma") scale_luma(*frame, frame->width() / 3, frame->height() / 3, luma);
  }
}

double cpu_seconds(const std::vector<std::string>& command) {
  const pid_t child = fork();
  if (child == 0) {
    std::vector<char*> arguments;
    for (const auto& a : command) arguments.push_back(const_cast<char*>(a.c_str()));
    arguments.push_back(nullptr);
    if (!std::freopen("/dev/null", "w", stdout)) _exit(1);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child || status != 0) std::exit(1);
  const auto seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "--watch") == 0) return watch(argv[3], argv[2]);
  if (argc < 2) return std::fprintf(stderr, "usage: bench_mask_cost VIDEO.mp4 [ROUNDS]\n"), 64;
  const std::string file = argv[1];
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  std::map<std::string, double> best;
  std::map<std::string, double> total;
  for (int round = 0; round < rounds; ++round) {
    std::map<std::string, double> now;
    now["R"] = cpu_seconds({"gst-launch-1.0", "-q", "filesrc", "location=" + file, "!", "qtdemux", "!", "h264parse", "!",
                            "avdec_h264", "max-threads=1", "!", "fakesink", "sync=false"});
    for (const char* what : {"open", "mask", "luma"}) now[what] = cpu_seconds({argv[0], "--watch", what, file});
    for (const auto& [name, seconds] : now) {
      total[name] += seconds;
      best[name] = best.count(name) ? std::min(best[name], seconds) : seconds;
    }
  }
  for (const char* name : {"R", "open", "mask", "luma"})
    std::printf("%-5s mean %.3f s  best %.3f s  %.3f R (means)  %.3f R (best)\n", name, total[name] / rounds, best[name],
                total[name] / total["R"], best[name] / best["R"]);
  return 0;
}
