// A heap for a short run that builds much and frees little.
#pragma once

namespace splitstrip {

// Lets malloc(3) take memory in large steps, of huge pages where the machine gives them on request,
// and keep it: a fifth of the time of splitting libgsl went into page faults. For a program that
// ends soon; to be called before the work begins.
void make_heap_roomy();

}  // namespace splitstrip
