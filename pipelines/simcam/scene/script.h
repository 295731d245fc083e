#pragma once
// Who walks where and when: a loop of about a minute in which people enter, pause, turn, cross each other,
// stand, pace and come back. Positions in metres on the lobby's floor, times in seconds since the loop's
// begin. Thread word: immutable after creation.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "simcam/render/identity.h"
#include "simcam/render/pose.h"

namespace veilgate::simcam {

enum class Look { kAhead, kAtCamera, kDown, kAround };

/// A place on a way, and what is done there.
struct Stop {
  float x = 0;
  float z = 0;
  float pause_s = 0;
  Look look = Look::kAhead;  ///< while pausing
};

struct Visit {
  int actor = 0;  ///< index into Script::actors; the same actor may come again
  float start_s = 0;
  float speed = 1.2f;  ///< metres per second
  std::vector<Stop> stops;
};

struct Actor {
  Identity identity;
  float unit_m = .12f;  ///< a head unit in metres: how tall the person is
};

/// How an actor is seen at a moment.
struct Presence {
  int actor = 0;
  int visit = 0;
  Vec3 at;            ///< on the floor
  float heading = 0;  ///< of the body: 0 towards the camera's wall (-z), > 0 turns to +x
  float head_heading = 0;
  float head_down = 0;  ///< radians
  float blink = 0;
  float mouth_open = 0;
  Gait gait;
};

enum class Cast { kPeople, kNobody };

class Script {
 public:
  /// The lobby's script; the seed decides who the people are and small things of how they walk. kNobody
  /// leaves the lobby empty for as long.
  static Script lobby(std::uint32_t seed, float coverings, Cast cast);

  float period_s() const { return period_s_; }
  const std::vector<Actor>& actors() const { return actors_; }
  /// Everyone who is on a way at `seconds` (taken modulo the period), in the order of the visits.
  std::vector<Presence> at(double seconds) const;

 private:
  struct Leg {
    float from_s, to_s;
    Vec3 from, to;
    float heading;
    bool walking;
    Look look;
    float walked_before;  // metres
  };
  struct Walk {
    int actor;
    std::vector<Leg> legs;
  };

  void add(const Visit& visit);
  Presence present(int visit, const Walk& walk, std::size_t leg, float t) const;

  std::vector<Actor> actors_;
  std::vector<Walk> walks_;
  float period_s_ = 60;
};

}  // namespace veilgate::simcam
