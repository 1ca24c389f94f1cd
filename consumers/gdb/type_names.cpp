#include "consumers/gdb/type_names.h"

#include <cstdint>
#include <optional>

#include <dwarf.h>

namespace splitstrip {
namespace {

class Reader {
 public:
  explicit Reader(std::string& text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }
  std::size_t at() const { return at_; }

  // A number of either sign: only small unsigned ones are looked at.
  std::optional<std::uint64_t> leb() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; at_ < text_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(text_[at_++]);
      if (shift < 64) value |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    return std::nullopt;
  }

  void skip(std::size_t count) { at_ += count; }

 private:
  std::string& text_;
  std::size_t at_ = 0;
};

bool is_type(std::uint64_t tag) {
  return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type ||
         tag == DW_TAG_enumeration_type;
}

}  // namespace

std::string without_linkage_names_of_types(std::string_view abbrevs) {
  static_assert(DW_AT_linkage_name < 0x80 && DW_AT_description < 0x80, "one byte each");
  std::string text(abbrevs);
  Reader in(text);
  while (!in.at_end()) {
    const auto code = in.leb();
    if (!code) break;
    if (*code == 0) continue;  // the end of a table
    const auto tag = in.leb();
    in.skip(1);  // whether there are children
    while (true) {
      const std::size_t place = in.at();
      const auto name = in.leb();
      const auto form = in.leb();
      if (!tag || !name || !form) return text;
      if (*form == DW_FORM_implicit_const && !in.leb()) return text;
      if (*name == 0 && *form == 0) break;
      if (is_type(*tag) && *name == DW_AT_linkage_name)
        text[place] = static_cast<char>(DW_AT_description);
    }
  }
  return text;
}

}  // namespace splitstrip
