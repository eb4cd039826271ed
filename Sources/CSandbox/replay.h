#pragma once
#include "csandbox.h"

/// Replays a tape in the child and never returns: exec replaces it, or it exits with 127.
_Noreturn void cs_replay(struct cs_tape *tape);
