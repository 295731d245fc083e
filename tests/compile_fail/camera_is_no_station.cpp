// expect: could not convert|cannot convert|no viable conversion|no matching
// roots: shared verification
#include "station.h"
veilgate::verification::Station at(veilgate::CameraId camera) { return {camera}; }
