// Why an export could not be typed, in words.
#pragma once

#include <string>
#include <vector>

#include "dwarf/raw.h"
#include "typedata/exports.h"
#include "typedata/scan.h"

namespace splitstrip {

// For exports that nothing describes, given by index. The units' address ranges are read once.
std::vector<std::string> untyped_reasons(const RawDwarf& dwarf, const Exports& exports,
                                         const std::vector<UnitScan>& scans,
                                         const std::vector<std::uint32_t>& untyped);

}  // namespace splitstrip
