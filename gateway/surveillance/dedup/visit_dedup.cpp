#include "dedup/visit_dedup.h"

#include <algorithm>
#include <cmath>

namespace veilgate::surveillance {
namespace {

/// Likeness from which two visits are one person's. One pair of 1 000 pairs of different people reaches 0.78
/// (51 people, one shot each); docs/performance.md has both kinds of errors.
constexpr double kSamePerson = 0.79;
/// Clothes of the same colours make a likeness credible, other colours make it doubtful.
constexpr double kClothesAlike = 0.90, kClothesDiffer = 0.60, kClothesWeight = 0.04;
/// Back within seconds at the same place: most likely the track was lost, not the person.
constexpr Millis kShortGap{3000};
constexpr double kNearInFaces = 1.5, kPlaceWeight = 0.03;
/// A later result of the same visit must be clearly better than the one before.
constexpr double kBetter = 1.3;
constexpr Millis kBetweenResults{1000};

}  // namespace

VisitDedup::VisitDedup(DedupSettings settings) : settings_(std::move(settings)), describer_(settings_.key) {}

DedupOutcome VisitDedup::admit(const MaskedFrame& frame, const std::vector<SeenFace>& faces) {
  for (std::size_t i = 0; i < faces.size(); ++i) {
    std::vector<Box> others;
    for (std::size_t j = 0; j < faces.size(); ++j)
      if (j != i) others.push_back(faces[j].face.box);
    look(frame, faces[i], others);
  }
  return advance(frame.info().time);
}

bool VisitDedup::wants_evidence(const Visit& visit, double score) const {
  if (settings_.dedup.window <= Seconds{0} || visit.suppressed_by) return false;
  const auto& evidence = visit.window ? visit.window->evidence : visit.evidence;
  return evidence.size() < kDescriptorsPerVisit || score > 1.05 * evidence.back().score;
}

void VisitDedup::look(const MaskedFrame& frame, const SeenFace& seen, const std::vector<Box>& others) {
  Visit& visit = visits_[seen.track];
  const UtcTime time = frame.info().time;
  if (visit.appeared == UtcTime{}) visit.appeared = seen.first_seen;
  visit.last_seen = time;
  visit.last_box = seen.face.box;
  if (visit.window) {
    visit.window->reported_until = visit.window->seen_until = time;
    visit.window->last_box = seen.face.box;
  } else if (Window* window = window_of(visit.suppressed_by)) {
    window->seen_until = time;
    window->last_box = seen.face.box;
  }
  const bool done =
      visit.suppressed_by || (visit.reports >= settings_.dedup.max_images_per_visit && !visit.window);
  if (done) return;
  const AlignedChip chip = AlignedChip::cut(frame, seen.face);
  const ShotQuality shot = judge_shot(seen.face, chip, frame.width(), frame.height(), others);
  if (!passes(settings_.quality, shot)) return;
  if (wants_evidence(visit, shot.score)) {
    auto& evidence = visit.window ? visit.window->evidence : visit.evidence;
    evidence.push_back({shot.score, describer_.describe(frame, seen.face, chip)});
    std::sort(evidence.begin(), evidence.end(),
              [](const Evidence& a, const Evidence& b) { return a.score > b.score; });
    while (evidence.size() > kDescriptorsPerVisit) evidence.pop_back();
  }
  if (visit.best && shot.score <= visit.best->score) return;
  if (!visit.best) visit.best = Shot{};
  visit.best->score = shot.score;
  visit.best->time = time;
  visit.best->box = seen.face.box;
  visit.best->confidence = seen.face.score;
  if (settings_.images == ImagePolicy::kFaceCrop && visit.reports < settings_.dedup.max_images_per_visit)
    visit.best->crop = FaceCrop::cut(frame, seen.face.box, others);
}

bool VisitDedup::same_person(const Window& window, const Visit& visit) {
  if (visit.appeared <= window.seen_until) return false;  // nobody is in two places at once
  std::vector<double> alike;
  for (const Evidence& a : window.evidence)
    for (const Evidence& b : visit.evidence) {
      const Likeness likeness = compare(a.descriptor, b.descriptor);
      double value = likeness.face;
      if (likeness.clothes && *likeness.clothes >= kClothesAlike) value += kClothesWeight;
      if (likeness.clothes && *likeness.clothes <= kClothesDiffer) value -= kClothesWeight;
      alike.push_back(value);
    }
  if (alike.empty()) return false;
  std::sort(alike.rbegin(), alike.rend());
  const std::size_t best = std::min<std::size_t>(3, alike.size());
  double value = 0;
  for (std::size_t i = 0; i < best; ++i) value += alike[i] / static_cast<double>(best);
  const Point a = window.last_box.center(), b = visit.last_box.center();
  const bool near = std::hypot(a.x - b.x, a.y - b.y) <= kNearInFaces * visit.last_box.w;
  if (near && visit.appeared - window.seen_until <= kShortGap) value += kPlaceWeight;
  return value >= kSamePerson;
}

VisitDedup::Window* VisitDedup::window_of(std::uint64_t serial) {
  for (Window& window : windows_)
    if (window.of == serial) return &window;
  return nullptr;
}

VisitDedup::Window* VisitDedup::matching_window(const Visit& visit) {
  for (Window& window : windows_)
    if (same_person(window, visit)) return &window;
  return nullptr;
}

void VisitDedup::decide(TrackId track, Visit& visit, UtcTime time, DedupOutcome& outcome) {
  if (!visit.best || visit.suppressed_by) return;
  if (visit.reports == 0) {
    if (Window* window = matching_window(visit)) {
      visit.suppressed_by = window->of;
      visit.evidence.clear();
      visit.best.reset();
      window->seen_until = visit.last_seen;
      window->last_box = visit.last_box;
      ++window->suppressed;
      ++suppressed_;
      return;
    }
    report(track, visit, time, outcome);
  } else if (visit.reports < settings_.dedup.max_images_per_visit &&
             visit.best->score >= kBetter * visit.reported_score &&
             time - visit.reported_at >= kBetweenResults) {
    report(track, visit, time, outcome);
  }
}

void VisitDedup::report(TrackId track, Visit& visit, UtcTime time, DedupOutcome& outcome) {
  FaceReport out;
  out.serial = next_serial_++;
  out.track = track;
  out.time = visit.best->time;
  out.decided = time;
  out.appeared = visit.appeared;
  out.disappeared = visit.last_seen;
  out.box = visit.best->box;
  out.confidence = visit.best->confidence;
  out.crop = std::move(visit.best->crop);
  visit.reported_score = visit.best->score;
  visit.reported_at = time;
  ++visit.reports;
  outcome.reports.push_back(std::move(out));
  if (settings_.dedup.window <= Seconds{0} || visit.window) return;
  Window& window = windows_.emplace_back();
  window.of = outcome.reports.back().serial;
  window.visit = track;
  window.reported_until = window.seen_until = visit.last_seen;
  window.last_box = visit.last_box;
  window.evidence = std::move(visit.evidence);
  visit.window = &window;
}

void VisitDedup::end_visit(TrackId track, UtcTime time, DedupOutcome& outcome) {
  const auto found = visits_.find(track);
  if (found == visits_.end()) return;
  Visit& visit = found->second;
  decide(track, visit, time, outcome);
  if (!visit.best && !visit.suppressed_by && visit.reports == 0) ++below_quality_;
  if (visit.window) visit.window->visit_runs = false;
  visits_.erase(found);
}

void VisitDedup::close_windows(UtcTime time, DedupOutcome& outcome) {
  const bool crowded = windows_.size() > kMaxWindows;
  for (auto it = windows_.begin(); it != windows_.end();) {
    const bool over = !it->visit_runs && time - it->reported_until >= settings_.dedup.window;
    const bool early = crowded && !it->visit_runs && windows_.size() > kMaxWindows;
    if (!over && !early) {
      ++it;
      continue;
    }
    outcome.closed.push_back({it->of, time, it->suppressed});
    it = windows_.erase(it);  // the descriptors are wiped here
  }
}

DedupOutcome VisitDedup::end_visits(const std::vector<TrackId>& ended, UtcTime time) {
  DedupOutcome outcome;
  for (const TrackId track : ended) end_visit(track, time, outcome);
  close_windows(time, outcome);
  return outcome;
}

DedupOutcome VisitDedup::advance(UtcTime time) {
  DedupOutcome outcome;
  if (settings_.capture.after)
    for (auto& [track, visit] : visits_)
      if (time - visit.appeared >= *settings_.capture.after) decide(track, visit, time, outcome);
  close_windows(time, outcome);
  return outcome;
}

DedupOutcome VisitDedup::finish(UtcTime time) {
  DedupOutcome outcome;
  while (!visits_.empty()) end_visit(visits_.begin()->first, time, outcome);
  for (const Window& window : windows_) outcome.closed.push_back({window.of, time, window.suppressed});
  windows_.clear();
  return outcome;
}

}  // namespace veilgate::surveillance
