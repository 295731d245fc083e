// expect: no match for .operator==|invalid operands
#include "core/strong.h"
bool same(veilgate::CameraId camera, veilgate::StationId station) { return camera == station; }
