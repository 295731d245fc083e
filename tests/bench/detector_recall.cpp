// What the face detectors find on the shared test material, side by side in one run: recall, boxes that fit
// no face, processor time per picture. Every picture is looked at whole and alone; tracks, which confirm over
// several frames, are measured with `veilgate analyze`.
//
//   bench_detector_recall [MODELS]     MODELS: directory with the YuNet file (default: the shared data's)

#include <cstdio>
#include <ctime>
#include <functional>
#include <set>

#include "bench/labelled_scenes.h"
#include "detect/detectors.h"
#include "detect/still_image.h"
#include "support/clip.h"

namespace veilgate::surveillance {
namespace {

constexpr int kMinFacePx = 24;

double cpu_ms() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) * 1e3 + double(t.tv_nsec) * 1e-6;
}

struct Tally {
  bench::Score score;
  double ms = 0;
  int pictures = 0;
};

std::vector<FaceDetection> timed_look(FaceDetector& detector, const MaskedFrame& frame, Tally& tally) {
  const double begin = cpu_ms();
  auto found = detector.detect(frame, {0, 0, double(frame.width()), double(frame.height())}, kMinFacePx);
  tally.ms += cpu_ms() - begin;
  ++tally.pictures;
  return found;
}

void print(const char* material, const FaceDetector& detector, const Tally& tally) {
  std::printf("%-44s %-6s %5d/%-5d %6.3f %8d %9.1f\n", material, detector.name().c_str(), tally.score.found,
              tally.score.faces, tally.score.faces > 0 ? double(tally.score.found) / tally.score.faces : 0.0,
              tally.score.surplus, tally.pictures > 0 ? tally.ms / tally.pictures : 0.0);
  std::fflush(stdout);
}

void scenes(FaceDetector& detector, double min_height, const char* label) {
  const auto folder = bench::shared_data() / "images" / "scenes_composed";
  const auto mask = PrivacyMask::create({});
  Tally tally;
  for (const auto& [file, faces] : bench::read_scene_truth(folder / "scenes.csv")) {
    auto raw = read_still_image((folder / file).string());
    if (!raw) continue;
    const auto frame = (*mask)->apply(std::move(*raw));
    if (frame) bench::count(faces, timed_look(detector, *frame, tally), 0.5, min_height, tally.score);
  }
  print(label, detector, tally);
}

/// MOT truth: frame,id,x,y,w,h,active,class,visible share,person; frames from 1.
std::map<int, std::vector<Box>> read_mot_truth(const std::filesystem::path& file) {
  std::map<int, std::vector<Box>> truth;
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    int frame = 0, id = 0, active = 0, kind = 0;
    double visible = 0;
    Box box;
    if (fields >> frame >> id >> box.x >> box.y >> box.w >> box.h >> active >> kind >> visible &&
        visible >= 0.5)
      truth[frame].push_back(box);
  }
  return truth;
}

/// A face counts as found when its centre lies in a box, the measure that other detectors' figures use.
void count_centres(const std::vector<Box>& truth, const std::vector<FaceDetection>& found,
                   bench::Score& score) {
  std::set<std::size_t> used;
  for (const Box& face : truth) {
    ++score.faces;
    const Point c = face.center();
    for (std::size_t i = 0; i < found.size(); ++i) {
      const Box& b = found[i].box;
      if (used.count(i) != 0 || c.x < b.x || c.x > b.right() || c.y < b.y || c.y > b.bottom()) continue;
      used.insert(i);
      ++score.found;
      break;
    }
  }
  score.surplus += int(found.size() - used.size());
}

using Judge = std::function<void(int frame, const std::vector<FaceDetection>&, bench::Score&)>;

void clip(FaceDetector& detector, const std::string& name, int every, const char* label, const Judge& judge) {
  Tally tally;
  int number = 0;
  const auto done =
      test::for_each_frame((bench::shared_data() / "video" / name).string(), [&](const MaskedFrame& frame) {
        ++number;
        if (number % every != 0) return;
        judge(number, timed_look(detector, frame, tally), tally.score);
      });
  if (!done)
    std::printf("%-44s %s\n", label, done.error().message().c_str());
  else
    print(label, detector, tally);
}

/// Clips of which only the number of faces in every frame is known.
Judge faces_in_view(int faces) {
  return [faces](int, const std::vector<FaceDetection>& found, bench::Score& score) {
    score.faces += faces;
    score.found += std::min(faces, int(found.size()));
    score.surplus += std::max(0, int(found.size()) - faces);
  };
}

void measure(FaceDetector& detector) {
  scenes(detector, 24, "scenes_composed, faces >= 24 px, IoU 0.5");
  scenes(detector, 80, "scenes_composed, faces >= 80 px, IoU 0.5");
  const auto truth = read_mot_truth(bench::shared_data() / "video" / "faces_composed_dev_gt.txt");
  clip(detector, "faces_composed_dev.mp4", 3, "faces_composed_dev, centre in box",
       [&](int frame, const auto& found, bench::Score& score) {
         const auto faces = truth.find(frame);
         count_centres(faces == truth.end() ? std::vector<Box>{} : faces->second, found, score);
       });
  clip(detector, "walk_up_and_pause_3people.mp4", 1, "walk_up_and_pause_3people", faces_in_view(3));
  clip(detector, "head_pose_woman_and_man.mp4", 1, "head_pose_woman_and_man", faces_in_view(2));
  for (const char* name : {"personA_again", "personA_student", "personB_book", "personC_hungry"})
    clip(detector, std::string("access/") + name + ".mp4", 3, name, faces_in_view(1));
  clip(detector, "one_by_one_p1-4.mp4", 10, "one_by_one_p1-4 (no frontal face)", faces_in_view(0));
  clip(detector, "parking_car_bicycle.mp4", 1, "parking_car_bicycle (no face)", faces_in_view(0));
  clip(detector, "store_aisle.mp4", 1, "store_aisle (no usable face)", faces_in_view(0));
}

}  // namespace
}  // namespace veilgate::surveillance

int main(int argc, char** argv) {
  using namespace veilgate;
  using namespace veilgate::surveillance;
  const std::string models = argc > 1 ? argv[1] : (bench::shared_data() / "models").string();
  std::printf("%-44s %-6s %11s %6s %8s %9s\n", "material", "", "found", "recall", "surplus", "ms/frame");
  for (auto kind : {DetectorKind::kOwn, DetectorKind::kYunet, DetectorKind::kHog}) {
    DetectorConfig config;
    config.kind = kind;
    const auto detector = make_detector(config, {{models}});
    if (detector)
      measure(**detector);
    else
      std::printf("%s\n", detector.error().message().c_str());
  }
}
