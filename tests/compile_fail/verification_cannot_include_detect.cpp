// expect: No such file|file not found
// roots: shared verification
#include "detect/face_detector.h"
