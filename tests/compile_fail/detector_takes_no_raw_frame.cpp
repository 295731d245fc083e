// expect: cannot convert|invalid initialization of reference|no viable conversion|no matching
// roots: shared surveillance
#include "detect/face_detector.h"
void look(veilgate::surveillance::FaceDetector& detector, const veilgate::RawFrame& raw) {
  (void)detector.detect(raw, veilgate::Box{});
}
