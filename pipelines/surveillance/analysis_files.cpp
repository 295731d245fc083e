#include "surveillance/analysis_files.h"

#include <algorithm>
#include <cstdio>

namespace veilgate::surveillance {
namespace {

Error cannot_write(const std::string& path) {
  return Error(ErrorCode::kPermission, "cannot write " + path + ": check folder, rights and space");
}

Result<void> write_mot(const std::string& path, std::vector<TrackedBox>& boxes) {
  if (path.empty()) return {};
  std::sort(boxes.begin(), boxes.end(), [](const TrackedBox& a, const TrackedBox& b) {
    return a.frame != b.frame ? a.frame < b.frame : a.id < b.id;
  });
  std::ofstream file(path, std::ios::trunc);
  for (const TrackedBox& box : boxes) {
    char line[160];
    std::snprintf(line, sizeof line, "%llu,%llu,%.1f,%.1f,%.1f,%.1f,%.3f,-1,-1,-1\n",
                  static_cast<unsigned long long>(box.frame + 1), static_cast<unsigned long long>(box.id),
                  box.box.x, box.box.y, box.box.w, box.box.h, box.score);
    file << line;
  }
  file.close();
  if (!file) return cannot_write(path);
  return {};
}

}  // namespace

Result<std::unique_ptr<ResultLines>> ResultLines::create(const std::string& path) {
  auto lines = std::unique_ptr<ResultLines>(new ResultLines(path));
  if (!lines->file_) return cannot_write(path);
  return lines;
}

Result<void> ResultLines::submit(SurveillanceResult result) {
  faces += std::holds_alternative<FaceResult>(result);
  if (const auto* event = std::get_if<EventResult>(&result)) events += event->phase == EventPhase::kNew;
  const std::string line = to_analysis_line(result);
  if (!line.empty()) file_ << line << '\n';
  if (!file_) return Error(ErrorCode::kExhausted, "the results file cannot be written further");
  return {};
}

Result<void> ResultLines::close() {
  file_.close();
  if (!file_) return Error(ErrorCode::kExhausted, "the results file could not be written completely");
  return {};
}

Result<void> MotFiles::write(const std::string& faces_path, const std::string& objects_path) {
  VG_CHECK(write_mot(faces_path, faces_));
  return write_mot(objects_path, objects_);
}

}  // namespace veilgate::surveillance
