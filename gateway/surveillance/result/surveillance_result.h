#pragma once
// What leaves the surveillance lane: four closed structs. None has a member for a template, a name, an
// attribute of a person (age, gender, mood …) or a similarity, so none can be sent.
// Nothing here links two cameras or two visits: track and object numbers are ephemeral, counted per camera
//
//
// Pixel coordinates are those of the decoded frame. Thread word: reentrant (plain values).

#include <optional>
#include <string>
#include <variant>

#include "config/config.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/geometry.h"
#include "core/strong.h"
#include "rules/sighting.h"

namespace veilgate::surveillance {

using ResultId = Strong<std::string, struct ResultIdTag>;  ///< ULID, 26 characters, unique per gateway
using ObjectId =
    Strong<std::uint64_t, struct ObjectIdTag>;  ///< a moving object in one camera's view; ephemeral

/// The deduplication that was in force when a face was judged.
struct AppliedDedup {
  int max_images_per_visit = 1;  ///< 连续去重
  Seconds window{0};             ///< 间断去重; zero = off
  int suppressed_count = 0;      ///< visits suppressed for this face so far
};

/// A face was seen: one visit (人次), or the first of several within the window.
struct FaceResult {
  ResultId id;
  TrackId track;
  UtcTime time{};              ///< of the best shot
  UtcTime decided{};           ///< when it was decided to report
  UtcTime appeared{};          ///< first sighting of this visit
  UtcTime disappeared{};       ///< last sighting so far
  Box box;                     ///< of the best shot
  double confidence = 0;       ///< the detector's, 0…1, of the best shot
  std::uint32_t sequence = 0;  ///< 0…99999, per camera: the last digits of the GA/T 1400 ids
  AppliedDedup dedup;
};

enum class ObjectClass { kObject, kPerson };  ///< person: a face was seen in the object's track

const char* to_string(ObjectClass object_class);  ///< "object" | "person"

/// A rule fired, still holds, or no longer holds. The three phases of one event share one id.
struct EventResult {
  ResultId id;
  std::string rule;
  RuleType type = RuleType::kIntrusion;
  EventPhase phase = EventPhase::kNew;
  std::string zone;  ///< id; empty when the rule is about a line or the whole picture
  std::string line;  ///< id; empty when the rule is about a zone
  ObjectId object;
  ObjectClass object_class = ObjectClass::kObject;
  UtcTime begin{};
  std::optional<UtcTime> end;  ///< present in phase kEnd only, ≥ begin
  UtcTime time{};              ///< of this message
  double confidence = 0;       ///< 0…1: share of the object's lifetime in which it was seen, not predicted
};

/// A window of 间断去重 closed after suppressing at least one visit.
struct DedupResult {
  ResultId id;
  ResultId of;               ///< the face result that was reported
  UtcTime time{};            ///< when the window closed
  int suppressed_count = 0;  ///< ≥ 1
};

/// The opt-in face crop of one face result; everyone else and the background are painted over.
struct FaceImage {
  ResultId id;
  ResultId of;     ///< the face result that it shows
  UtcTime time{};  ///< of the shot
  int width = 0;
  int height = 0;
  Bytes jpeg;
};

using SurveillanceResult = std::variant<FaceResult, EventResult, DedupResult, FaceImage>;

/// Message class under which the lane seals it: a new event is an alarm; its updates and end follow as
/// events.
enum class ResultClass { kAlarm, kEvent, kFace, kImage };
ResultClass class_of(const SurveillanceResult& result);

/// Where a camera's results go: a socket to the lane's parent, a file, a test.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  /// Takes the result. An error means that it was not taken and is lost; the caller counts it.
  virtual Result<void> submit(SurveillanceResult result) = 0;
};

}  // namespace veilgate::surveillance
