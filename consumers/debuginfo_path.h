// Where libdwfl is to look for debug files.
#pragma once

#include <string>

#include "consumers/consumer.h"

namespace splitstrip {

// The value of `--debuginfo-path` (eu-stack(1), eu-addr2line(1)) or of SYSTEMTAP_DEBUGINFO_PATH
// (stap(1)) by which libdwfl finds the debug file of `pair`; empty where its default is right,
// which is ":.debug:/usr/lib/debug": beside the library, in .debug/, in that directory.
std::string debuginfo_path(const StagedPair& pair);

}  // namespace splitstrip
