// Finding the processes of a job whose helper is gone.
//
// As long as the helper lives, nothing can leave its tree of processes. When it is killed itself
// (by the kernel for want of memory, or by its own command), its direct children die with it, but
// what those started goes to init. All of them carry a mark in their environment, though.
#pragma once

#include <string>

namespace splitstrip {

// "SPLITSTRIP_JOB=..." with a value that no other job on the machine has, always of one length.
std::string new_mark();

// Kills (SIGKILL) every process that has `mark` in its environment, until there is none or half a
// second has gone by. Returns how many were left. Processes that this user may not look into are
// not found.
unsigned kill_marked(const std::string& mark);

}  // namespace splitstrip
