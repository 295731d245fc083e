#include "delivery/lost_watch.h"

#include <gtest/gtest.h>

namespace veilgate::uplink {
namespace {

MonoTime at(int seconds) { return MonoTime{std::chrono::seconds(100 + seconds)}; }

TEST(LostWatch, LooksOnceAfterAReconnectionForWhatWasSentBeforeIt) {
  LostWatch watch;
  watch.on_online(at(0));
  EXPECT_FALSE(watch.on_receipt(at(2))) << "the queue of the broker may still be on its way";
  EXPECT_EQ(watch.on_receipt(at(4)), Millis{4000});
  watch.found(0);
  EXPECT_FALSE(watch.on_receipt(at(5)));
}

TEST(LostWatch, LooksNowAndThenAndLessOftenWhileItFindsSome) {
  LostWatch watch;
  EXPECT_FALSE(watch.on_receipt(at(0)));
  EXPECT_EQ(watch.on_receipt(at(20)), LostWatch::kPatience);
  watch.found(3);  // perhaps lost, perhaps refused by the platform
  EXPECT_FALSE(watch.on_receipt(at(59)));
  EXPECT_EQ(watch.on_receipt(at(60)), LostWatch::kPatience);
  watch.found(0);
  EXPECT_EQ(watch.on_receipt(at(80)), LostWatch::kPatience);
}

}  // namespace
}  // namespace veilgate::uplink
