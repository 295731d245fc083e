#include "lane/face_search.h"

#include <algorithm>

namespace veilgate::surveillance {
namespace {

/// Two looks that found the same face: the better box stays.
constexpr double kSameFace = 0.4;

void merge(std::vector<FaceDetection>& all) {
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  std::vector<FaceDetection> kept;
  for (const FaceDetection& face : all) {
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const FaceDetection& other) {
      return iou(face.box, other.box) > kSameFace;
    });
    if (!known) kept.push_back(face);
  }
  all = std::move(kept);
}

Box grown(const Box& box, double x, double y) { return {box.x - x, box.y - y, box.w + 2 * x, box.h + 2 * y}; }

/// Where the face of an object would be: all of a compact one, the upper part of a standing one.
Box face_region(const Box& object) {
  Box region = object;
  if (object.h > 1.6 * object.w) region.h = 0.55 * object.h;
  return grown(region, std::max(24.0, 0.2 * object.w), std::max(24.0, 0.15 * object.w));
}

}  // namespace

FaceSearch::FaceSearch(std::unique_ptr<FaceDetector> detector, SearchSettings settings)
    : detector_(std::move(detector)), settings_(settings) {}

FaceSearch::Whole FaceSearch::whole_look(UtcTime time, const MotionReport& motion) {
  if (motion.moved) {
    moved_once_ = true;
    last_moved_ = time;
  }
  const Millis fine_every = active(time) ? settings_.fine_every : settings_.idle_fine_every;
  const Millis coarse_every = active(time) ? settings_.coarse_every : settings_.idle_coarse_every;
  if (!started_) {
    started_ = true;
    last_fine_ = last_coarse_ = time;
    return Whole::kCoarse;
  }
  if (time - last_fine_ >= fine_every) {
    last_fine_ = last_coarse_ = time;
    return Whole::kFine;
  }
  // After a cut or a light switched on there are no objects for a while: whoever is there is looked for at
  // once.
  if (time - last_coarse_ >= coarse_every || motion.scene_changed) {
    last_coarse_ = time;
    return Whole::kCoarse;
  }
  return Whole::kNone;
}

std::vector<FaceSearch::Look> FaceSearch::due_looks(UtcTime time, const std::vector<Track>& faces,
                                                    const std::vector<Track>& objects) {
  std::vector<Look> looks;
  const auto offer = [&](const Track& track, bool is_face, Millis every, const Box& box) {
    const auto last = last_look_.find({is_face, track.serial});
    const UtcTime due = last == last_look_.end() ? track.first_seen : last->second + every;
    if (due <= time) looks.push_back({due, track.serial, is_face, box});
  };
  for (const Track& face : faces) {
    const Millis known = active(time) ? settings_.face_every : settings_.still_face_every;
    offer(face, true, face.confirmed() ? known : settings_.new_face_every, face.box);
  }
  if (active(time)) {
    for (const Track& object : objects) {
      const bool has_face = std::any_of(faces.begin(), faces.end(), [&](const Track& face) {
        return intersect(face.box, object.box).area() >= 0.5 * face.box.area();
      });
      if (!has_face) offer(object, false, settings_.object_every, face_region(object.box));
    }
  }
  std::stable_sort(looks.begin(), looks.end(), [](const Look& a, const Look& b) { return a.due < b.due; });
  if (looks.size() > static_cast<std::size_t>(settings_.most_looks_per_frame))
    looks.resize(settings_.most_looks_per_frame);
  return looks;
}

void FaceSearch::forget_ended(const std::vector<Track>& faces, const std::vector<Track>& objects) {
  std::erase_if(last_look_, [&](const auto& entry) {
    const auto& tracks = entry.first.first ? faces : objects;
    return std::none_of(tracks.begin(), tracks.end(),
                        [&](const Track& track) { return track.serial == entry.first.second; });
  });
}

SearchOutcome FaceSearch::detect(const MaskedFrame& frame, const MotionReport& motion,
                                 const std::vector<Track>& faces, const std::vector<Track>& objects) {
  SearchOutcome outcome;
  const UtcTime time = frame.info().time;
  const Box all{0, 0, static_cast<double>(frame.width()), static_cast<double>(frame.height())};
  const auto add = [&](std::vector<FaceDetection> found, const Box& where) {
    outcome.faces.insert(outcome.faces.end(), found.begin(), found.end());
    outcome.looked.push_back(where);
  };
  forget_ended(faces, objects);
  const Whole whole = whole_look(time, motion);
  if (whole != Whole::kNone) {
    const int coarse = static_cast<int>(settings_.coarse_share * std::min(frame.width(), frame.height()));
    ++whole_looks_;
    add(detector_->detect(
            frame, all,
            whole == Whole::kFine ? settings_.min_face_px : std::max(settings_.min_face_px, coarse)),
        all);
  }
  for (const Look& look : due_looks(time, faces, objects)) {
    last_look_[{look.is_face, look.serial}] = time;
    if (whole == Whole::kFine) continue;  // it has just been looked at as well as can be
    ++region_looks_;
    if (look.is_face)
      add(detector_->detect_near(frame, look.box), grown(look.box, 0.4 * look.box.w, 0.4 * look.box.h));
    else
      add(detector_->detect(frame, look.box, settings_.min_face_px), look.box);
  }
  merge(outcome.faces);
  return outcome;
}

void FaceSearch::reset() {
  started_ = moved_once_ = false;
  last_moved_ = last_coarse_ = last_fine_ = {};
  last_look_.clear();
}

}  // namespace veilgate::surveillance
