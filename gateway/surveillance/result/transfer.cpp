// Worker → lane's parent. Written by the worker, which a hostile stream may have taken over; read strictly.
#include <cmath>
#include <set>

#include <nlohmann/json.hpp>

#include "result/base64.h"
#include "result/payload.h"

namespace veilgate::surveillance {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kLatest = 253402300799999;  // 9999-12-31T23:59:59.999Z
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLargestJpeg = 512 * 1024;

std::int64_t ms(UtcTime time) { return time.time_since_epoch().count(); }

/// Takes keys out one by one; whatever is wrong or left over makes the whole refused.
class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {
    for (const auto& [key, value] : json.items()) left_.insert(key);
  }
  const Json* take(const char* key) {
    left_.erase(key);
    const auto found = json_.find(key);
    if (found == json_.end()) wrong_ = true;
    return found == json_.end() ? nullptr : &*found;
  }
  std::int64_t integer(const char* key, std::int64_t low, std::int64_t high) {
    const Json* value = take(key);
    if (!value || !value->is_number_integer() ||
        (value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX))
      return refuse(low);
    const auto number = value->get<std::int64_t>();
    return number >= low && number <= high ? number : refuse(low);
  }
  double number(const char* key, double low, double high) {
    const Json* value = take(key);
    if (!value || !value->is_number()) return static_cast<double>(refuse(0));
    const auto number = value->get<double>();
    return std::isfinite(number) && number >= low && number <= high ? number : static_cast<double>(refuse(0));
  }
  std::string text(const char* key, std::size_t longest) {
    const Json* value = take(key);
    if (!value || !value->is_string() || value->get_ref<const std::string&>().size() > longest) {
      wrong_ = true;
      return {};
    }
    return value->get<std::string>();
  }
  ResultId id(const char* key) {
    std::string id = text(key, 26);
    if (id.size() != 26 || id.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") != std::string::npos)
      wrong_ = true;
    return ResultId{std::move(id)};
  }
  UtcTime time(const char* key) { return UtcTime{Millis{integer(key, 0, kLatest)}}; }
  template <typename Enum>
  Enum choice(const char* key, int count) {
    return static_cast<Enum>(integer(key, 0, count - 1));
  }
  bool good() const { return !wrong_ && left_.empty(); }
  void check(bool condition) { wrong_ = wrong_ || !condition; }

 private:
  std::int64_t refuse(std::int64_t instead) {
    wrong_ = true;
    return instead;
  }
  const Json& json_;
  std::set<std::string> left_;
  bool wrong_ = false;
};

Json write(const FaceResult& face) {
  return {{"kind", "face"},
          {"id", face.id.get()},
          {"track", face.track.get()},
          {"time", ms(face.time)},
          {"decided", ms(face.decided)},
          {"appeared", ms(face.appeared)},
          {"disappeared", ms(face.disappeared)},
          {"x", face.box.x},
          {"y", face.box.y},
          {"w", face.box.w},
          {"h", face.box.h},
          {"confidence", face.confidence},
          {"sequence", face.sequence},
          {"max_images", face.dedup.max_images_per_visit},
          {"window_s", face.dedup.window.count()},
          {"suppressed", face.dedup.suppressed_count}};
}

Json write(const EventResult& event) {
  return {{"kind", "event"},
          {"id", event.id.get()},
          {"rule", event.rule},
          {"type", static_cast<int>(event.type)},
          {"phase", static_cast<int>(event.phase)},
          {"zone", event.zone},
          {"line", event.line},
          {"object", event.object.get()},
          {"class", static_cast<int>(event.object_class)},
          {"begin", ms(event.begin)},
          {"end", event.end ? Json(ms(*event.end)) : Json(nullptr)},
          {"time", ms(event.time)},
          {"confidence", event.confidence}};
}

Json write(const DedupResult& dedup) {
  return {{"kind", "dedup"},
          {"id", dedup.id.get()},
          {"of", dedup.of.get()},
          {"time", ms(dedup.time)},
          {"suppressed", dedup.suppressed_count}};
}

Json write(const FaceImage& image) {
  return {{"kind", "image"},
          {"id", image.id.get()},
          {"of", image.of.get()},
          {"time", ms(image.time)},
          {"width", image.width},
          {"height", image.height},
          {"jpeg", to_base64(image.jpeg)}};
}

FaceResult read_face(Reader& in) {
  FaceResult face;
  face.id = in.id("id");
  face.track = TrackId{static_cast<std::uint64_t>(in.integer("track", 1, INT64_MAX))};
  face.time = in.time("time");
  face.decided = in.time("decided");
  face.appeared = in.time("appeared");
  face.disappeared = in.time("disappeared");
  face.box = {in.number("x", -65536, 65536), in.number("y", -65536, 65536), in.number("w", 0, 65536),
              in.number("h", 0, 65536)};
  face.confidence = in.number("confidence", 0, 1);
  face.sequence = static_cast<std::uint32_t>(in.integer("sequence", 0, 99999));
  face.dedup.max_images_per_visit = static_cast<int>(in.integer("max_images", 1, 1000));
  face.dedup.window = Seconds{in.integer("window_s", 0, 86400)};
  face.dedup.suppressed_count = static_cast<int>(in.integer("suppressed", 0, 1'000'000));
  in.check(face.appeared <= face.time && face.time <= face.decided);
  return face;
}

EventResult read_event(Reader& in) {
  EventResult event;
  event.id = in.id("id");
  event.rule = in.text("rule", kLongestName);
  event.type = in.choice<RuleType>("type", 5);
  event.phase = in.choice<EventPhase>("phase", 3);
  event.zone = in.text("zone", kLongestName);
  event.line = in.text("line", kLongestName);
  event.object = ObjectId{static_cast<std::uint64_t>(in.integer("object", 1, INT64_MAX))};
  event.object_class = in.choice<ObjectClass>("class", 2);
  event.begin = in.time("begin");
  if (event.phase == EventPhase::kEnd) {
    event.end = in.time("end");
    in.check(*event.end >= event.begin);
  } else {
    const Json* end = in.take("end");
    in.check(end && end->is_null());
  }
  event.time = in.time("time");
  event.confidence = in.number("confidence", 0, 1);
  in.check(event.begin <= event.time && !event.rule.empty());
  in.check((event.type == RuleType::kLineCrossing) == !event.line.empty());
  return event;
}

DedupResult read_dedup(Reader& in) {
  DedupResult dedup;
  dedup.id = in.id("id");
  dedup.of = in.id("of");
  dedup.time = in.time("time");
  dedup.suppressed_count = static_cast<int>(in.integer("suppressed", 1, 1'000'000));
  return dedup;
}

FaceImage read_image(Reader& in) {
  FaceImage image;
  image.id = in.id("id");
  image.of = in.id("of");
  image.time = in.time("time");
  image.width = static_cast<int>(in.integer("width", 1, 1024));
  image.height = static_cast<int>(in.integer("height", 1, 1024));
  auto jpeg = from_base64(in.text("jpeg", kLargestJpeg / 3 * 4));
  in.check(jpeg && jpeg->size() > 4 && (*jpeg)[0] == 0xFF && (*jpeg)[1] == 0xD8);
  if (jpeg) image.jpeg = std::move(*jpeg);
  return image;
}

}  // namespace

std::string encode_transfer(const SurveillanceResult& result) {
  return std::visit([](const auto& one) { return write(one).dump(); }, result);
}

Result<SurveillanceResult> decode_transfer(std::string_view text) {
  const Error refused(ErrorCode::kUntrusted, "a worker sent something that is not a surveillance result");
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return refused;
  Reader in(json);
  const std::string kind = in.text("kind", 8);
  SurveillanceResult result;
  if (kind == "face")
    result = read_face(in);
  else if (kind == "event")
    result = read_event(in);
  else if (kind == "dedup")
    result = read_dedup(in);
  else if (kind == "image")
    result = read_image(in);
  else
    return refused;
  if (!in.good()) return refused;
  return result;
}

}  // namespace veilgate::surveillance
