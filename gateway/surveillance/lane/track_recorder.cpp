#include "lane/track_recorder.h"

namespace veilgate::surveillance {

void TrackRecorder::add(std::uint64_t serial, const TrackedBox& box, bool seen) {
  Path& path = paths_[serial];
  path.present = true;
  path.held.push_back(box);
  if (seen && box.id != 0) write_through(path, box.id);
}

void TrackRecorder::write_through(Path& path, std::uint64_t id) {
  for (TrackedBox& box : path.held) {
    box.id = id;
    if (path.written) {
      const auto gap = static_cast<double>(box.frame - path.last.frame);
      for (std::uint64_t frame = path.last.frame + 1; frame < box.frame; ++frame) {
        const double t = static_cast<double>(frame - path.last.frame) / gap;
        const auto mix = [t](double a, double b) { return a + t * (b - a); };
        const Box& a = path.last.box;
        const Box& b = box.box;
        write_({frame, id, {mix(a.x, b.x), mix(a.y, b.y), mix(a.w, b.w), mix(a.h, b.h)}, path.last.score});
      }
    }
    write_(box);
    path.last = box;
    path.written = true;
  }
  path.held.clear();
}

void TrackRecorder::end_frame() {
  std::erase_if(paths_, [](const auto& entry) { return !entry.second.present; });
  for (auto& [serial, path] : paths_) path.present = false;
}

}  // namespace veilgate::surveillance
