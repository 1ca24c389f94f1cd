#include "typedata/library/debuginfo.h"

namespace splitstrip::library {

std::optional<DwarfSections> read_debuginfo(const ElfImage&) {
  return std::nullopt;
}

}  // namespace splitstrip::library
