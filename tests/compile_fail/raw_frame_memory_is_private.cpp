// expect: is private within this context|is a private member
#include "frame/frame.h"
const void* pixels(const veilgate::RawFrame& frame) { return frame.memory_.planes[0].data; }
