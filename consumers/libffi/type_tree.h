// A library's type as libffi's: for calls by the function's own type.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include <ffi.h>

#include "typedata/library/typedata.h"

namespace splitstrip::ffi {

// Owns the ffi_types that it makes; they stay where they are.
class TypeTree {
 public:
  // Null if libffi has no words for it, and then why() says what.
  ffi_type* make(const typedata* library, typedata_type type);
  const std::string& why() const { return why_; }

 private:
  ffi_type* make_at(const typedata* library, typedata_type type, int depth);
  ffi_type* base(const typedata_info& info);
  ffi_type* integer(const typedata_info& info, bool is_signed);
  ffi_type* array(const typedata* library, typedata_type type, const typedata_info& info,
                  int depth);
  ffi_type* record(const typedata* library, typedata_type type, const typedata_info& info,
                   int depth);
  ffi_type* as_it_lies(const typedata* library, const std::vector<typedata_item>& members,
                       const typedata_info& info, int depth);
  ffi_type* aggregate(std::size_t size, std::size_t alignment, std::vector<ffi_type*> elements);
  ffi_type* no(const typedata_info& info, const char* why);

  std::deque<ffi_type> types_;
  std::deque<std::vector<ffi_type*>> elements_;  // each ends with null
  std::string why_;
};

}  // namespace splitstrip::ffi
