#include "simcam/serve/truth_file.h"

#include <cmath>
#include <iomanip>
#include <vector>

#include <nlohmann/json.hpp>

#include "simcam/scene/lobby_zones.h"

namespace veilgate::simcam {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value) { return std::round(value * 100) / 100; }
Json json_of(const Box& b) { return {rounded(b.x), rounded(b.y), rounded(b.w), rounded(b.h)}; }
Json json_of(const Point& p) { return {rounded(p.x), rounded(p.y)}; }

Json json_of(const FaceOnPicture& face) {
  Json landmarks = Json::array();
  for (const Point& p : face.landmarks) landmarks.push_back(json_of(p));
  return {{"box", json_of(face.box)},
          {"landmarks", landmarks},
          {"yaw", rounded(face.yaw)},
          {"pitch", rounded(face.pitch)},
          {"roll", rounded(face.roll)},
          {"eyes", face.blink > .5 ? "closed" : "open"},
          {"visibility", rounded(face.visibility)}};
}

Json json_of(const PersonOnPicture& p, const std::set<std::string>& zones) {
  Json person = {{"id", p.id},
                 {"visit", p.visit},
                 {"body", json_of(p.body)},
                 {"visibility", rounded(p.visibility)},
                 {"feet", json_of(p.feet)},
                 {"depth_m", rounded(p.depth_m)},
                 {"mask", p.masked},
                 {"zones", zones}};
  person["face"] = p.face ? json_of(*p.face) : Json(nullptr);
  return person;
}

Point relative(Point p, PictureSize size) { return {p.x / size.width, p.y / size.height}; }

Result<std::ofstream> open(const std::string& file) {
  std::ofstream out(file, std::ios::trunc);
  if (!out) return Error(ErrorCode::kPermission, "cannot write " + file);
  return out;
}

}  // namespace

Result<std::unique_ptr<TruthLines>> TruthLines::create(const std::string& file, PictureSize size) {
  VG_TRY(auto out, open(file));
  return std::unique_ptr<TruthLines>(new TruthLines(std::move(out), size));
}

void TruthLines::write(const FrameTruth& truth, UtcTime time, const std::string& faults) {
  Json people = Json::array(), events = Json::array();
  std::map<int, std::set<std::string>> now;
  const LobbyZone zone = lobby_floor();
  for (const PersonOnPicture& p : truth.people) {
    std::set<std::string>& zones = now[p.visit];
    if (p.visibility > .3 && contains(zone.polygon, relative(p.body.bottom_center(), size_)))
      zones.insert(zone.id);
    const auto before = in_zones_.find(p.visit);
    const bool was_in = before != in_zones_.end() && before->second.contains(zone.id);
    if (was_in != zones.contains(zone.id))
      events.push_back({{"type", was_in ? "zone_left" : "zone_entered"},
                        {"zone", zone.id},
                        {"id", p.id},
                        {"visit", p.visit}});
    people.push_back(json_of(p, zones));
  }
  in_zones_ = std::move(now);
  const Json line = {{"frame", truth.number}, {"time", format_utc(time)}, {"scene_s", rounded(truth.scene_s)},
                     {"faults", faults},      {"people", people},         {"events", events}};
  out_ << line.dump() << '\n' << std::flush;
}

Result<std::unique_ptr<MotFile>> MotFile::create(const std::string& file) {
  VG_TRY(auto out, open(file));
  return std::unique_ptr<MotFile>(new MotFile(std::move(out)));
}

void MotFile::write(const FrameTruth& truth) {
  out_ << std::fixed << std::setprecision(2);
  for (const PersonOnPicture& p : truth.people)
    if (p.face && p.face->visibility > 0)
      out_ << truth.number + 1 << ',' << p.visit << ',' << p.face->box.x << ',' << p.face->box.y << ','
           << p.face->box.w << ',' << p.face->box.h << ',' << p.face->visibility << ",-1,-1,-1\n";
}

}  // namespace veilgate::simcam
