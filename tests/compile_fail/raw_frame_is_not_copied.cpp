// expect: use of deleted function|call to deleted constructor
#include "frame/frame.h"
veilgate::RawFrame twice(const veilgate::RawFrame& frame) { return frame; }
