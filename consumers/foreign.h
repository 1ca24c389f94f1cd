// Subjects of another machine than this one: what can be asked of a program that only reads their
// files, and what cannot, because it would have to run them.
//
// Consumers say so by concerns(). One that reads every machine's files (elfutils, binutils, LLVM's
// tools, abidiff, pahole, perf, bpftrace) needs nothing of this.
#pragma once

#include "subject/subject.h"

namespace splitstrip {

// Whether the kernel can run the subject's code: this machine's own, and on x86-64 also i686.
bool runs_here(const Subject& subject);

// Whether to ask for synthetic cores (synth/synthetic_cores.h). Not of another machine for which
// none can be made; for this one they are asked for in any case, so that the report says what is
// missing.
bool concerns_made_up_stacks(const Subject& subject);

// Whether the subject is of another machine than this one, i686 on x86-64 included. One whose
// machine nobody has told is taken for this one's.
bool is_foreign(const Subject& subject);

}  // namespace splitstrip
