#include "consumers/libffi/shape.h"

namespace splitstrip::ffi {
namespace {

constexpr int deepest = 16;

std::uint64_t mix_type(std::uint64_t state, const ffi_type& type, int depth) {
  state = mix(state, static_cast<std::uint64_t>(type.size) << 32 |
                         static_cast<std::uint64_t>(type.alignment) << 16 | type.type);
  if (type.type != FFI_TYPE_STRUCT || type.elements == nullptr || depth == deepest) return state;
  for (ffi_type* const* element = type.elements; *element != nullptr; ++element)
    state = mix_type(state, **element, depth + 1);
  return mix(state, FFI_TYPE_LAST + 1);  // where it ends
}

}  // namespace

std::uint64_t shape_of_structure(const ffi_type& type) {
  return mix_type(0, type, 0);
}

}  // namespace splitstrip::ffi
