#pragma once
// Writes down where every track was on every frame between its first and its last sighting, for offline
// evaluation. What was only predicted is held back until the track is seen again, and forgotten when it is
// not. Frames that were not analysed lie on a straight line between their neighbours. Thread word:
// thread-bound.

#include <functional>
#include <map>
#include <vector>

#include "lane/camera_chain.h"

namespace veilgate::surveillance {

class TrackRecorder {
 public:
  using Write = std::function<void(const TrackedBox&)>;
  explicit TrackRecorder(Write write) : write_(std::move(write)) {}

  /// A track's box on one frame. `serial` tells tracks apart before they are confirmed; id 0 = not confirmed.
  void add(std::uint64_t serial, const TrackedBox& box, bool seen);
  /// Tracks that were not added in this frame have ended.
  void end_frame();

 private:
  struct Path {
    std::vector<TrackedBox> held;
    bool written = false;
    TrackedBox last;
    bool present = false;
  };
  void write_through(Path& path, std::uint64_t id);

  Write write_;
  std::map<std::uint64_t, Path> paths_;
};

}  // namespace veilgate::surveillance
