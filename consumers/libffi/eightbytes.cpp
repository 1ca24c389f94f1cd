#include "consumers/libffi/eightbytes.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "consumers/libffi/items.h"

namespace splitstrip::ffi {

#if defined(__x86_64__) && !defined(__ILP32__)
namespace {

constexpr std::uint64_t in_registers = 16;  // bytes; what is larger travels in memory
constexpr int deepest = 32;
constexpr std::size_t most_leaves = 65536;

enum class Class { none, integer, sse };

// Collects the classes of a record's eightbytes from its innermost members.
class Classifier {
 public:
  Classifier(const typedata* library, bool in_memory) : library_(library), in_memory_(in_memory) {}

  bool add(typedata_type type, std::uint64_t offset, int depth) {
    typedata_info info;
    const typedata_type plain = typedata_strip(library_, type, true);
    if (!typedata_describe(library_, plain, &info) || depth > deepest || ++leaves_ > most_leaves)
      return false;
    switch (info.kind) {
      case TYPEDATA_KIND_BASE:
        return number(info, offset);
      case TYPEDATA_KIND_ENUM:
      case TYPEDATA_KIND_POINTER:
      case TYPEDATA_KIND_REFERENCE:
        return whole(info.size, offset);
      case TYPEDATA_KIND_ARRAY:
        return array(info, offset, depth);
      case TYPEDATA_KIND_STRUCT:
      case TYPEDATA_KIND_UNION:
        return record(plain, info, offset, depth);
      default:
        return false;
    }
  }

  const std::array<Class, 2>& classes() const { return classes_; }
  std::uint64_t alignment() const { return alignment_; }

 private:
  bool mark(Class as, std::uint64_t offset, std::uint64_t size) {
    for (std::uint64_t byte = offset; byte < offset + size && byte < in_registers; ++byte) {
      Class& held = classes_[byte / 8];
      if (held != Class::integer) held = as;
    }
    return true;
  }

  bool aligns(std::uint64_t size) {
    alignment_ = std::max(alignment_, size);
    return true;
  }

  bool whole(std::uint64_t size, std::uint64_t offset) {
    if (in_memory_) return aligns(size);
    if (size == 0 || size > 8 || (size & (size - 1)) != 0 || offset % size != 0) return false;
    return aligns(size) && mark(Class::integer, offset, size);
  }

  bool number(const typedata_info& info, std::uint64_t offset) {
    const bool complex = info.encoding == 0x3;  // DW_ATE_complex_float
    if (!complex && info.encoding != 0x4) return whole(info.size, offset);
    const std::uint64_t part = complex ? info.size / 2 : info.size;
    if (in_memory_) return aligns(part);
    if ((part != 4 && part != 8) || offset % part != 0) return false;
    return aligns(part) && mark(Class::sse, offset, info.size);
  }

  bool array(const typedata_info& info, std::uint64_t offset, int depth) {
    typedata_info element;
    const typedata_type its = typedata_strip(library_, info.target, true);
    typedata_describe(library_, its, &element);
    if ((info.flags & TYPEDATA_VECTOR) != 0 || element.size == 0 ||
        element.size == TYPEDATA_UNKNOWN || info.size == TYPEDATA_UNKNOWN)
      return false;
    // Beyond the registers one element tells of the alignment as well as all.
    const std::uint64_t end = std::min(info.size, std::max(in_registers, element.size));
    for (std::uint64_t at = 0; at < end; at += element.size)
      if (!add(its, offset + at, depth + 1)) return false;
    return true;
  }

  bool record(typedata_type type, const typedata_info& info, std::uint64_t offset, int depth) {
    if ((info.flags & (TYPEDATA_DECLARATION | TYPEDATA_NONTRIVIAL | TYPEDATA_PASSING_UNTOLD)) !=
            0 ||
        info.size == TYPEDATA_UNKNOWN)
      return false;
    alignment_ = std::max(alignment_, info.alignment);
    for (const typedata_item& member : items_of(library_, type)) {
      if (member.bit_offset == TYPEDATA_UNKNOWN) return false;
      if (!(member.bit_size != 0 ? bits(member, offset)
                                 : add(member.type, offset + member.bit_offset / 8, depth + 1)))
        return false;
    }
    return true;
  }

  // A bit-field is an integer; its declared type aligns the record.
  bool bits(const typedata_item& member, std::uint64_t offset) {
    typedata_info info;
    typedata_describe(library_, typedata_strip(library_, member.type, true), &info);
    if (info.size > 8) return false;
    const std::uint64_t first = offset * 8 + member.bit_offset;
    const std::uint64_t last = first + member.bit_size - 1;
    return aligns(info.size) && mark(Class::integer, first / 8, last / 8 - first / 8 + 1);
  }

  const typedata* library_;
  bool in_memory_;  // whatever the members are
  std::array<Class, 2> classes_{};
  std::uint64_t alignment_ = 1;
  std::size_t leaves_ = 0;
};

// Integers that fill so many bytes.
void add_integers(std::vector<ffi_type*>& elements, std::uint64_t bytes) {
  for (ffi_type* piece : {&ffi_type_uint64, &ffi_type_uint32, &ffi_type_uint16, &ffi_type_uint8})
    for (; bytes >= piece->size; bytes -= piece->size) elements.push_back(piece);
}

}  // namespace

std::optional<Substitute> substitute(const typedata* library, typedata_type record) {
  typedata_info info;
  typedata_describe(library, record, &info);
  if (info.size == 0 || info.size == TYPEDATA_UNKNOWN) return std::nullopt;
  Classifier seen(library, info.size > in_registers);
  if (!seen.add(record, 0, 0)) return std::nullopt;
  if (seen.alignment() > 16) return std::nullopt;  // libffi aligns the stack no further
  Substitute made;
  // Packed ones do not have the alignment of their members.
  while (info.size % (made.alignment * 2) == 0 && made.alignment < seen.alignment())
    made.alignment *= 2;
  if (info.size > in_registers) {
    add_integers(made.elements, 8);
    return made;
  }
  for (std::uint64_t at = 0; at < info.size; at += 8) {
    const std::uint64_t bytes = std::min<std::uint64_t>(8, info.size - at);
    switch (seen.classes()[at / 8]) {
      case Class::none:
        break;  // padding travels nowhere
      case Class::integer:
        add_integers(made.elements, bytes);
        break;
      case Class::sse:
        if (bytes != 4 && bytes != 8) return std::nullopt;
        made.elements.push_back(bytes == 8 ? &ffi_type_double : &ffi_type_float);
        break;
    }
  }
  if (made.elements.empty()) return std::nullopt;
  return made;
}

#else

std::optional<Substitute> substitute(const typedata*, typedata_type) {
  return std::nullopt;
}

#endif

}  // namespace splitstrip::ffi
