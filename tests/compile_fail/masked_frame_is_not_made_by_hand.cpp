// expect: is private within this context|calling a private constructor
#include "frame/frame.h"
veilgate::MaskedFrame forge() { return veilgate::MaskedFrame(veilgate::FrameInfo{}, veilgate::FrameMemory{}); }
