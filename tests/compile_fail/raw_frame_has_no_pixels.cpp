// expect: has no member named .plane.|no member named 'plane'
#include "frame/frame.h"
const void* pixels(const veilgate::RawFrame& frame) { return frame.plane(0).data; }
