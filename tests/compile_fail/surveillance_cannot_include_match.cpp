// expect: No such file|file not found
// roots: shared surveillance
#include "match/matcher.h"
