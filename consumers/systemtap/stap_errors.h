// What stap's standard error says about how it ended. Its exit status says nothing: it is 1 when a
// list is empty, and 0 when optional probes could not be placed.
#pragma once

#include <string>

#include "consumers/consumer.h"

namespace splitstrip {

// How `query` ended, from the passes that `stap -v` reports. A run that came through its last pass
// has answered, also if it answered nothing: placing probes is what the debug information is for.
// So has one whose analysis failed, with nothing and with stap's complaint as the reason: the
// scripts pass wherever the debug information can be read.
enum class LastPass { analysis = 2, translation = 3 };
QueryEnd judge_stap(const std::string& query, const Ending& ending, LastPass last);

// The first line of stap's complaints that says what went wrong; empty if there is none.
std::string first_complaint(std::string_view errors);

}  // namespace splitstrip
