// Holds a declaration against a library's type.
#pragma once

#include <string>

#include "typedata/library/type_view.h"

namespace splitstrip::library {

struct Difference {
  typedata_verdict verdict = TYPEDATA_SAME;
  std::string words;  // empty for TYPEDATA_SAME
};

// As typedata_compare() in typedata.h.
Difference compare(const TypeView& library, typedata_type its, const TypeView& declared,
                   typedata_type type, unsigned flags);

}  // namespace splitstrip::library
