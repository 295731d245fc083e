#include "track/box_tracker.h"

#include <algorithm>
#include <cmath>

#include "track/assignment.h"

namespace veilgate::surveillance {
namespace {

double seconds(Millis span) { return static_cast<double>(span.count()) / 1000.0; }

double side_ratio(double a, double b) {
  const double small = std::max(1.0, std::min(a, b)), large = std::max(1.0, std::max(a, b));
  return large / small;
}

bool looked_at(const Box& box, const std::vector<Box>& looked) {
  return std::any_of(looked.begin(), looked.end(),
                     [&](const Box& region) { return intersect(box, region).area() >= 0.8 * box.area(); });
}

}  // namespace

double BoxTracker::pair_cost(std::size_t track, const Observation& observation, UtcTime time) const {
  const Box predicted = filters_[track].box();
  const double size = std::sqrt(predicted.area());
  const Point a = predicted.center(), b = observation.box.center();
  const double distance = std::hypot(a.x - b.x, a.y - b.y) / std::max(1.0, size);
  const double unseen = seconds(time - tracks_[track].last_seen);
  const double ratio =
      std::max(side_ratio(predicted.w, observation.box.w), side_ratio(predicted.h, observation.box.h));
  if (distance > settings_.reach + settings_.reach_per_second * unseen) return kForbidden;
  if (ratio > settings_.max_size_ratio) return kForbidden;
  // A tentative track may not steal an observation from an established one that fits about as well.
  const double newcomer = tracks_[track].confirmed() ? 0 : 0.2;
  return distance + 0.5 * std::log(ratio) + newcomer;
}

void BoxTracker::take(std::size_t track, const std::vector<Observation>& observations, int index,
                      UtcTime time) {
  Track& t = tracks_[track];
  filters_[track].correct(observations[index].box);
  t.box = observations[index].box;
  t.last_box = t.box;
  t.seen = true;
  t.observation = index;
  t.score = observations[index].score;
  t.last_seen = time;
  ++t.hits;
  const bool enough = t.hits >= settings_.hits_to_confirm && t.hits >= settings_.min_hit_share * t.looks;
  if (!t.confirmed() && enough) t.id = TrackId{next_id_++};
}

void BoxTracker::start(const std::vector<Observation>& observations, int index, UtcTime time) {
  if (static_cast<int>(tracks_.size()) >= settings_.max_tracks) {
    ++refused_;
    return;
  }
  Track t;
  t.serial = next_serial_++;
  t.first_seen = time;
  t.looks = 1;
  tracks_.push_back(t);
  filters_.emplace_back(observations[index].box, settings_.noise);
  take(tracks_.size() - 1, observations, index, time);
}

void BoxTracker::update(UtcTime time, const std::vector<Observation>& observations,
                        const std::vector<Box>& looked) {
  time = std::max(time, last_time_);
  const double step = tracks_.empty() ? 0 : seconds(time - last_time_);
  last_time_ = time;
  CostTable table(static_cast<int>(tracks_.size()), static_cast<int>(observations.size()));
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    filters_[i].predict(step);
    tracks_[i].box = filters_[i].box();
    tracks_[i].seen = false;
    tracks_[i].observation = -1;
    for (std::size_t j = 0; j < observations.size(); ++j)
      table.at(static_cast<int>(i), static_cast<int>(j)) = pair_cost(i, observations[j], time);
  }
  const std::vector<int> chosen = assign(table);
  std::vector<char> used(observations.size(), 0);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] >= 0 || looked_at(tracks_[i].box, looked)) ++tracks_[i].looks;
    if (chosen[i] < 0) continue;
    used[chosen[i]] = 1;
    take(i, observations, chosen[i], time);
  }
  for (std::size_t j = 0; j < observations.size(); ++j)
    if (!used[j]) start(observations, static_cast<int>(j), time);
  end_unseen(time);
}

void BoxTracker::end_unseen(UtcTime time) {
  ended_.clear();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    const Millis limit = tracks_[i].confirmed() ? settings_.max_unseen : settings_.max_unseen_tentative;
    if (time - tracks_[i].last_seen > limit) {
      ended_.push_back(tracks_[i]);
      continue;
    }
    if (kept != i) {
      tracks_[kept] = tracks_[i];
      filters_[kept] = filters_[i];
    }
    ++kept;
  }
  tracks_.erase(tracks_.begin() + static_cast<std::ptrdiff_t>(kept), tracks_.end());
  filters_.erase(filters_.begin() + static_cast<std::ptrdiff_t>(kept), filters_.end());
}

void BoxTracker::end_all() {
  ended_ = std::move(tracks_);
  tracks_.clear();
  filters_.clear();
  last_time_ = {};
}

Point BoxTracker::velocity(const Track& track) const {
  for (std::size_t i = 0; i < tracks_.size(); ++i)
    if (tracks_[i].serial == track.serial) return filters_[i].velocity();
  return {};
}

}  // namespace veilgate::surveillance
