#include "view/view_guard.h"

#include <algorithm>
#include <cmath>

namespace veilgate::surveillance {
namespace {

constexpr Millis kBetweenLooks{500}, kBetweenDoubtfulLooks{250};
constexpr double kFollowSeconds = 1800;
constexpr EdgeGrid kFineGrid{12, 8}, kCoarseGrid{6, 4};
constexpr double kDoubtful = 0.7;   // share in place below which a displacement is looked for, …
constexpr int kLooksPerSearch = 4;  // … once a second, because it costs some milliseconds
constexpr int kCoarseReach = 6, kFineReach = 4;
constexpr double kClearlyBetter = 0.2;

}  // namespace

const char* to_string(ViewCondition condition) {
  switch (condition) {
    case ViewCondition::kLearning: return "learning";
    case ViewCondition::kGood: return "good";
    case ViewCondition::kCovered: return "covered";
    case ViewCondition::kDefocused: return "defocused";
    case ViewCondition::kFrozen: return "frozen";
    case ViewCondition::kShifted: return "shifted";
  }
  return "unknown";
}

ViewGuard::ViewGuard(const ViewGuardSettings& settings) : settings_(settings) {}

ViewGuard::Look ViewGuard::look_at(const LumaImage& picture) {
  Look look;
  double sum = 0, squares = 0, count = 0;
  for (const std::uint8_t value : picture.pixels) {
    if (value == kZoneBlack) continue;  // a zone tells nothing about the view
    sum += value;
    squares += static_cast<double>(value) * value;
    ++count;
  }
  look.mean = count > 0 ? sum / count : 0;
  look.deviation = count > 0 ? std::sqrt(std::max(0.0, squares / count - look.mean * look.mean)) : 0;
  look.fine = edges_of(picture);
  double energy = 0;
  for (const float edge : look.fine.values) energy += edge > 0 ? static_cast<double>(edge) * edge : 0;
  // Relative to contrast, so that less light is not less detail.
  look.detail = energy / static_cast<double>(picture.pixels.size()) / (look.deviation * look.deviation + 4);
  smooth(look.fine);
  look.coarse = edges_of(quarter(picture));
  smooth(look.coarse);
  return look;
}

/// Long edges still match when they slide along themselves, so a displacement is looked for: coarse, then fine.
bool ViewGuard::fits_better_elsewhere(const Look& look, const EdgeMatch& in_place) const {
  const EdgeOffset coarse = best_offset(look.coarse, reference_.coarse, kCoarseGrid, {}, kCoarseReach);
  const EdgeOffset fine = best_offset(look.fine, reference_.fine, kFineGrid, {4 * coarse.x, 4 * coarse.y}, kFineReach);
  const int moved = std::max(std::abs(fine.x), std::abs(fine.y));
  return moved * kViewWidth >= settings_.shifted_px * look.fine.width &&
         compare(look.fine, reference_.fine, kFineGrid, fine).score > in_place.score + kClearlyBetter;
}

void ViewGuard::learn(const Look& look, UtcTime time) {
  const bool nothing_to_see = look.mean <= settings_.dark_luma || look.deviation <= settings_.flat_deviation;
  if (nothing_to_see) return;
  if (learned_ == 0) {
    reference_ = look;
    learning_since_ = time;
  } else {
    const double share = 1.0 / (learned_ + 1);
    const auto mix = [share](std::vector<float>& into, const std::vector<float>& from) {
      for (std::size_t i = 0; i < into.size(); ++i) into[i] += static_cast<float>(share) * (from[i] - into[i]);
    };
    mix(reference_.fine.values, look.fine.values);
    mix(reference_.coarse.values, look.coarse.values);
    reference_.detail += share * (look.detail - reference_.detail);
  }
  ++learned_;
}

void ViewGuard::follow(const Look& look, Millis step) {
  const auto share = static_cast<float>(std::min(1.0, static_cast<double>(step.count()) / 1000 / kFollowSeconds));
  const auto mix = [share](std::vector<float>& into, const std::vector<float>& from) {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] += share * (from[i] - into[i]);
  };
  mix(reference_.fine.values, look.fine.values);
  mix(reference_.coarse.values, look.coarse.values);
  reference_.detail += share * (look.detail - reference_.detail);
}

ViewCondition ViewGuard::judge(const Look& look) {
  if (look.mean <= settings_.dark_luma || look.deviation <= settings_.flat_deviation) return ViewCondition::kCovered;
  if (learned_ == 0) return ViewCondition::kGood;
  const EdgeMatch fine = compare(look.fine, reference_.fine, kFineGrid);
  const EdgeMatch coarse = compare(look.coarse, reference_.coarse, kCoarseGrid);
  verdict_.match = fine.share;
  verdict_.sharpness = reference_.detail > 0 ? look.detail / reference_.detail : 1;
  verdict_.can_judge_shift = fine.textured >= kFewestTextured;
  const bool blurred = verdict_.sharpness < settings_.blurred_ratio;
  const bool coarse_in_place = coarse.textured == 0 || coarse.share >= settings_.shifted_match;
  if (blurred && coarse_in_place) return ViewCondition::kDefocused;
  doubtful_looks_ = fine.share < kDoubtful ? doubtful_looks_ + 1 : 0;
  if (doubtful_looks_ % kLooksPerSearch == 1) displaced_ = fits_better_elsewhere(look, fine);
  const bool elsewhere = fine.share < settings_.shifted_match || (doubtful_looks_ > 0 && displaced_);
  if (verdict_.can_judge_shift && elsewhere) return ViewCondition::kShifted;
  return blurred ? ViewCondition::kDefocused : ViewCondition::kGood;
}

bool ViewGuard::is_repeat(const LumaImage& picture, UtcTime time) {
  if (picture.pixels != last_picture_.pixels) {
    last_picture_ = picture;
    same_since_ = time;
  }
  return time - same_since_ >= settings_.frozen_after;
}

Millis ViewGuard::needed_for(ViewCondition condition) const {
  switch (condition) {
    case ViewCondition::kCovered: return settings_.covered_after;
    case ViewCondition::kDefocused: return settings_.defocused_after;
    case ViewCondition::kShifted: return settings_.shifted_after;
    case ViewCondition::kFrozen: return Millis{0};  // is_repeat has waited already
    default: return settings_.good_after;
  }
}

void ViewGuard::decide(ViewCondition seen, UtcTime time) {
  if (verdict_.condition == ViewCondition::kShifted) return;
  if (seen != candidate_) {
    candidate_ = seen;
    candidate_since_ = time;
  }
  const bool learning = verdict_.condition == ViewCondition::kLearning && seen == ViewCondition::kGood;
  if (seen == verdict_.condition || learning || time - candidate_since_ < needed_for(seen)) return;
  verdict_.condition = seen;
  verdict_.since = candidate_since_;
}

bool ViewGuard::is_due(UtcTime time) const {
  if (!last_time_ || time < *last_time_) return true;
  const bool settled = verdict_.condition == ViewCondition::kGood && candidate_ == ViewCondition::kGood;
  return time - *last_time_ >= (settled ? kBetweenLooks : kBetweenDoubtfulLooks);
}

ViewVerdict ViewGuard::update(const LumaImage& picture, UtcTime time) {
  if (!is_due(time)) return verdict_;
  const Millis step = last_time_ && time > *last_time_ ? std::min(time - *last_time_, Millis{5000}) : Millis{0};
  if (!last_time_ || time < *last_time_) candidate_since_ = same_since_ = time;  // the clock went back: begin counting
  last_time_ = time;
  if (verdict_.condition == ViewCondition::kShifted) return verdict_;
  if (learned_ > 0 && (picture.width != reference_.fine.width || picture.height != reference_.fine.height))
    accept_view();

  const bool repeat = is_repeat(picture, time);
  const Look look = look_at(picture);
  if (verdict_.condition == ViewCondition::kLearning && verdict_.since == UtcTime{}) verdict_.since = time;
  const bool learning = !learning_since_ || time - *learning_since_ < settings_.learn_for;
  ViewCondition seen = judge(look);
  if (seen != ViewCondition::kCovered && learning) {
    learn(look, time);
    seen = ViewCondition::kGood;
  }
  if (repeat && seen != ViewCondition::kCovered) seen = ViewCondition::kFrozen;
  if (seen == ViewCondition::kGood && !learning) {
    if (verdict_.condition == ViewCondition::kLearning) {
      verdict_.condition = ViewCondition::kGood;
      verdict_.since = time;
    }
    follow(look, step);
  }
  decide(seen, time);
  return verdict_;
}

void ViewGuard::accept_view() {
  verdict_ = {};
  learned_ = 0;
  learning_since_.reset();
  candidate_ = ViewCondition::kGood;
  last_picture_ = {};
  if (last_time_) candidate_since_ = same_since_ = verdict_.since = *last_time_;
}

void ViewGuard::begin_shifted(UtcTime since) {
  accept_view();
  verdict_.condition = ViewCondition::kShifted;
  verdict_.since = since;
}

}  // namespace veilgate::surveillance
