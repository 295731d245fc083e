// Motion objects and the body test on real clips (shared test data): people seen from behind, a car, a
// bicycle.

#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "bench/shared_data.h"
#include "detect/body_test.h"
#include "detect/motion.h"
#include "support/clip.h"

namespace veilgate::surveillance {
namespace {

/// An object followed from frame to frame by overlap: enough where few objects meet.
struct Followed {
  int id = 0;
  Box box;
  BodyTest body;
  int sightings = 0;
  double first_s = 0;
  double last_s = 0;
  double largest_height = 0;
  bool ever_person = false;
};

struct Clip {
  std::vector<Followed> tracks;
  std::map<int, std::size_t> objects_per_frame;  ///< frame → objects
  std::map<int, double> seconds;                 ///< frame → time
  int frames = 0;
};

constexpr double kSameObject = 0.3;
constexpr double kForget = 1.0;  // seconds

Followed& follow(Clip& clip, const Box& box, double now) {
  Followed* best = nullptr;
  for (auto& track : clip.tracks)
    if (now - track.last_s < kForget && iou(track.box, box) >= kSameObject &&
        (best == nullptr || iou(track.box, box) > iou(best->box, box)))
      best = &track;
  if (best == nullptr) {
    Followed fresh;
    fresh.id = int(clip.tracks.size());
    fresh.first_s = now;
    best = &clip.tracks.emplace_back(fresh);
  }
  best->box = box;
  best->last_s = now;
  return *best;
}

class MotionClips : public testing::Test {
 protected:
  /// Skips by name when the clip is absent.
  bool watch(const char* name, Clip& clip) {
    const auto file = bench::shared_data() / "video" / name;
    if (!std::filesystem::exists(file)) return false;
    MotionObjects motion;
    const auto done = test::for_each_frame(file.string(), [&](const MaskedFrame& frame) {
      const double now = double(frame.info().time.time_since_epoch().count()) / 1000;
      const MotionReport report = motion.observe(frame);
      clip.objects_per_frame[clip.frames] = report.objects.size();
      clip.seconds[clip.frames++] = now;
      for (const auto& object : report.objects) {
        Followed& track = follow(clip, object.box, now);
        ++track.sightings;
        track.largest_height = std::max(track.largest_height, object.box.h / frame.height());
        track.body.add(object, frame.width(), frame.height());
        track.ever_person = track.ever_person || track.body.passed();
      }
    });
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_GT(clip.frames, 10);
    return true;
  }
};

#define WATCH(name, clip)                                                                   \
  Clip clip;                                                                                \
  if (!watch(name, clip))                                                                   \
  GTEST_SKIP() << "missing test data: " << (bench::shared_data() / "video" / name).string() \
               << " (set VEILGATE_SHARED)"

struct Visit {
  double from, to;  ///< seconds; known to half a second
};
constexpr Visit kVisits[] = {{6.0, 20.1}, {22.7, 45.0}, {50.2, 70.1}, {74.5, 87.1}};
constexpr double kSlack = 0.7;

bool somebody_there(double now, double slack) {
  for (const Visit& visit : kVisits)
    if (now > visit.from - slack && now < visit.to + slack) return true;
  return false;
}

TEST_F(MotionClips, PeopleSeenFromBehindAreObjectsWhileTheyAreThereAndOnlyThen) {
  WATCH("one_by_one_p1-4.mp4", clip);
  int there = 0, seen = 0, empty = 0, ghosts = 0;
  for (const auto& [frame, objects] : clip.objects_per_frame) {
    const double now = clip.seconds[frame];
    if (somebody_there(now, -kSlack)) ++there, seen += objects > 0 ? 1 : 0;
    if (!somebody_there(now, kSlack)) ++empty, ghosts += objects > 0 ? 1 : 0;
  }
  ASSERT_GT(there, 600);
  EXPECT_EQ(seen, there);
  ASSERT_GT(empty, 50);
  EXPECT_EQ(ghosts, 0);
}

TEST_F(MotionClips, OnePersonIsOneObjectForTheWholeVisitAndPassesTheBodyTest) {
  WATCH("one_by_one_p1-4.mp4", clip);
  for (const Visit& visit : kVisits) {
    const auto whole = [&](const Followed& t) {
      return t.first_s < visit.from + 1.0 && t.last_s > visit.to - 1.5 && t.first_s > visit.from - kSlack;
    };
    const auto track = std::find_if(clip.tracks.begin(), clip.tracks.end(), whole);
    ASSERT_NE(track, clip.tracks.end()) << "visit from " << visit.from;
    EXPECT_TRUE(track->body.passed()) << "visit from " << visit.from;
    EXPECT_GT(track->largest_height, 0.75);
  }
}

TEST_F(MotionClips, CarIsAnObjectButNoPerson) {
  WATCH("parking_car_bicycle.mp4", clip);
  const auto car = std::max_element(clip.tracks.begin(), clip.tracks.end(), [](const auto& a, const auto& b) {
    return a.largest_height < b.largest_height;
  });
  ASSERT_NE(car, clip.tracks.end());
  EXPECT_GT(car->sightings, 20);
  for (const auto& track : clip.tracks) {
    if (track.largest_height > 0.25) {
      EXPECT_FALSE(track.ever_person) << "object " << track.id;
    }
  }
}

TEST_F(MotionClips, WhoJoinsInTheShopAisleIsSeen) {
  WATCH("store_aisle.mp4", clip);
  int late = 0, seen = 0;
  for (const auto& [frame, objects] : clip.objects_per_frame)
    if (clip.seconds[frame] > 1.5) ++late, seen += objects > 0 ? 1 : 0;
  ASSERT_GT(late, 20);
  EXPECT_EQ(seen, late);
}

TEST_F(MotionClips, SecondRunSeesTheSame) {
  WATCH("store_aisle.mp4", first);
  WATCH("store_aisle.mp4", second);
  EXPECT_EQ(first.objects_per_frame, second.objects_per_frame);
  ASSERT_EQ(first.tracks.size(), second.tracks.size());
  for (std::size_t i = 0; i < first.tracks.size(); ++i) EXPECT_EQ(first.tracks[i].box, second.tracks[i].box);
}

}  // namespace
}  // namespace veilgate::surveillance
