#pragma once
// Following boxes over time: prediction, global assignment, confirmation. Used for faces and for motion
// objects alike.
//
// A track starts with an observation that fits no track, counts ("confirmed") after `hits_to_confirm` of
// them, which brings single false boxes down, is carried on by prediction while nothing fits, and ends when
// it was not seen for `max_unseen`. Its id belongs to one visit and is never used again; ids start at 1 in
// order of confirmation. At most `max_tracks` are followed: observations beyond start no track and are
// counted. Thread word: thread-bound.

#include <cstdint>
#include <vector>

#include "core/clock.h"
#include "core/geometry.h"
#include "core/strong.h"
#include "track/box_filter.h"

namespace veilgate::surveillance {

struct Observation {
  Box box;
  double score = 0;  ///< 0…1
};

struct TrackerSettings {
  int hits_to_confirm = 3;
  double min_hit_share = 0.4;        ///< to be confirmed: hits over times looked, 0…1
  Millis max_unseen{1300};           ///< a confirmed track lives this long without an observation
  Millis max_unseen_tentative{500};  ///< the same before confirmation
  double reach = 0.6;                ///< how far an observation may be from the prediction, in box sizes …
  double reach_per_second = 1.0;     ///< … growing with the time unseen
  double max_size_ratio = 1.8;       ///< between observation and prediction, ≥ 1, per side
  int max_tracks = 100;
  MotionNoise noise;
};

struct Track {
  TrackId id;                ///< 0 until confirmed
  std::uint64_t serial = 0;  ///< unique, also before confirmation
  Box box;                   ///< observed in this step, else predicted
  Box last_box;              ///< of the last observation
  bool seen = false;         ///< observed in this step
  int observation = -1;      ///< which of this step's observations, -1 = predicted
  double score = 0;          ///< of the last observation
  UtcTime first_seen{};
  UtcTime last_seen{};
  int hits = 0;
  int looks = 0;  ///< steps in which the place was looked at
  bool confirmed() const { return id.get() != 0; }
};

class BoxTracker {
 public:
  explicit BoxTracker(TrackerSettings settings) : settings_(settings) {}

  /// One step. `looked` are the regions in which the detector looked in this step: a track elsewhere was not
  /// missed. Time does not go back; a step with an earlier time than the last is taken as the last one's
  /// time.
  void update(UtcTime time, const std::vector<Observation>& observations, const std::vector<Box>& looked);

  const std::vector<Track>& tracks() const { return tracks_; }
  /// Tracks that ended in the last update.
  const std::vector<Track>& ended() const { return ended_; }
  /// Ends everything, for the end of the stream or a jump of the clock: after it, time may begin anew.
  void end_all();
  std::uint64_t refused() const { return refused_; }
  Point velocity(const Track& track) const;

 private:
  double pair_cost(std::size_t track, const Observation& observation, UtcTime time) const;
  void take(std::size_t track, const std::vector<Observation>& observations, int index, UtcTime time);
  void start(const std::vector<Observation>& observations, int index, UtcTime time);
  void end_unseen(UtcTime time);

  TrackerSettings settings_;
  std::vector<Track> tracks_;
  std::vector<BoxFilter> filters_;  // parallel to tracks_
  std::vector<Track> ended_;
  UtcTime last_time_{};
  std::uint64_t next_id_ = 1;
  std::uint64_t next_serial_ = 1;
  std::uint64_t refused_ = 0;
};

}  // namespace veilgate::surveillance
