#include "track/scene_tracker.h"

#include <algorithm>

namespace veilgate::surveillance {
namespace {

const Track* find(const BoxTracker& tracker, std::uint64_t serial) {
  for (const Track& track : tracker.tracks())
    if (track.serial == serial) return &track;
  return nullptr;
}

/// A face belongs to an object when its centre lies in the upper part of the object. The object's box may end
/// at the eyes (hair is often taken for background), hence the margin of one face height.
bool belongs(const Box& face, const Box& object) {
  const Point c = face.center();
  if (c.x < object.x || c.x > object.right()) return false;
  const double top = object.y - face.h, bottom = object.y + std::max(0.6 * object.h, face.h);
  return c.y >= top && c.y <= bottom;
}

}  // namespace

Box body_box(const Box& face, int width, int height) {
  const Box body{face.center().x - 1.5 * face.w, face.y, 3 * face.w, 7.5 * face.h};
  return intersect(body, {0, 0, static_cast<double>(width), static_cast<double>(height)});
}

TrackerSettings face_tracker_settings() { return {}; }

TrackerSettings object_tracker_settings() {
  TrackerSettings settings;
  settings.hits_to_confirm = 3;
  settings.max_unseen = Millis{1500};
  settings.reach = 0.5;
  settings.reach_per_second = 0.7;
  settings.max_size_ratio = 2.5;  // silhouettes break and merge far more than faces change
  settings.noise.measurement = 0.1;
  settings.noise.growth = 0.4;
  return settings;
}

SceneTracker::SceneTracker(TrackerSettings faces, TrackerSettings objects)
    : faces_(faces), objects_(objects) {}

const Track* SceneTracker::face_of(const Subject& subject) const {
  return subject.face ? find(faces_, subject.face) : nullptr;
}

const Track* SceneTracker::object_of(const Subject& subject) const {
  return subject.object ? find(objects_, subject.object) : nullptr;
}

void SceneTracker::update(const SceneInput& input) {
  std::vector<Observation> faces, objects;
  for (const FaceDetection& face : input.faces) faces.push_back({face.box, face.score});
  for (const MotionObject& object : input.objects) objects.push_back({object.box, 1});
  faces_.update(input.time, faces, input.looked);
  objects_.update(input.time, objects,
                  {{0, 0, static_cast<double>(input.width), static_cast<double>(input.height)}});
  drop_ended();
  attach_faces();
  attach_objects();
  join_split_persons();
  report(input);
}

void SceneTracker::drop_ended() {
  for (Subject& subject : subjects_) {
    if (subject.face && !face_of(subject)) subject.face = 0;
    if (subject.object && !object_of(subject)) subject.object = 0;
  }
  std::erase_if(subjects_, [](const Subject& subject) { return !subject.face && !subject.object; });
}

void SceneTracker::attach_faces() {
  for (const Track& face : faces_.tracks()) {
    if (!face.confirmed()) continue;
    const auto known = std::any_of(subjects_.begin(), subjects_.end(),
                                   [&](const Subject& subject) { return subject.face == face.serial; });
    if (known) continue;
    Subject* home = nullptr;
    for (Subject& subject : subjects_) {
      const Track* object = subject.face ? nullptr : object_of(subject);
      if (object && belongs(face.box, object->box)) home = home ? home : &subject;
    }
    if (!home) {
      subjects_.push_back({});
      home = &subjects_.back();
      home->id = next_id_++;
      home->first_seen = face.first_seen;
    }
    home->face = face.serial;
    home->face_seen = true;
  }
}

void SceneTracker::attach_objects() {
  for (const Track& object : objects_.tracks()) {
    if (!object.confirmed()) continue;
    const auto known = std::any_of(subjects_.begin(), subjects_.end(),
                                   [&](const Subject& subject) { return subject.object == object.serial; });
    if (known) continue;
    Subject* home = nullptr;
    for (Subject& subject : subjects_) {
      const Track* face = subject.object ? nullptr : face_of(subject);
      if (face && belongs(face->box, object.box)) home = home ? home : &subject;
    }
    if (!home) {
      subjects_.push_back({});
      home = &subjects_.back();
      home->id = next_id_++;
      home->first_seen = object.first_seen;
    }
    home->object = object.serial;
  }
}

/// A face and an object that were first followed apart and turn out to be one: the older id stays.
void SceneTracker::join_split_persons() {
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const Track* face = subjects_[i].object ? nullptr : face_of(subjects_[i]);
    if (!face) continue;
    for (std::size_t j = 0; j < subjects_.size(); ++j) {
      const Track* object = subjects_[j].face ? nullptr : object_of(subjects_[j]);
      if (i == j || !object || !belongs(face->box, object->box)) continue;
      Subject& older = subjects_[subjects_[i].id < subjects_[j].id ? i : j];
      Subject& younger = subjects_[subjects_[i].id < subjects_[j].id ? j : i];
      older.face = face->serial;
      older.object = object->serial;
      older.face_seen = true;
      if (younger.object) older.body = younger.body;
      subjects_.erase(subjects_.begin() + (&younger - subjects_.data()));
      join_split_persons();  // indices moved; there are few
      return;
    }
  }
}

void SceneTracker::report(const SceneInput& input) {
  scene_.clear();
  for (Subject& subject : subjects_) {
    const Track* object = object_of(subject);
    const Track* face = face_of(subject);
    const bool seen = (object && object->seen) || (face && face->seen);
    ++subject.steps;
    // Faces are looked for only now and then: a face that fits its prediction counts as seen in between.
    const bool face_fresh = face && input.time - face->last_seen <= Millis{400};
    if (seen || face_fresh) ++subject.seen_steps;
    if (object && object->observation >= 0)
      subject.body.add(input.objects[object->observation], input.width, input.height);
    SceneObject out;
    out.id = subject.id;
    out.box = object ? object->box : body_box(face->box, input.width, input.height);
    out.seen = seen;
    out.person = subject.face_seen || subject.body.passed();
    out.seen_share = static_cast<double>(subject.seen_steps) / subject.steps;
    out.first_seen = subject.first_seen;
    out.object_track = subject.object;
    if (out.box.area() > 0) scene_.push_back(out);
  }
  std::sort(scene_.begin(), scene_.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
}

void SceneTracker::end_all() {
  faces_.end_all();
  objects_.end_all();
  subjects_.clear();
  scene_.clear();
}

}  // namespace veilgate::surveillance
