// C's spelling of base types: DW_TAG_base_type, whatever language it comes from.
#include <algorithm>
#include <array>

#include <dwarf.h>
#include <elf.h>
#include <fmt/format.h>

#include "typedata/c_types.h"

namespace splitstrip {
namespace {

bool known_in_c(std::string_view name) {
  // As gcc and clang name C's own types.
  static constexpr std::array<std::string_view, 41> names{"_Bool",
                                                          "_Decimal128",
                                                          "_Decimal32",
                                                          "_Decimal64",
                                                          "_Float16",
                                                          "__bf16",
                                                          "__int128",
                                                          "__int128 unsigned",
                                                          "__int128_t",
                                                          "__uint128_t",
                                                          "char",
                                                          "double",
                                                          "float",
                                                          "int",
                                                          "long",
                                                          "long double",
                                                          "long int",
                                                          "long long",
                                                          "long long int",
                                                          "long long unsigned int",
                                                          "long unsigned int",
                                                          "short",
                                                          "short int",
                                                          "short unsigned int",
                                                          "signed char",
                                                          "unsigned",
                                                          "unsigned __int128",
                                                          "unsigned char",
                                                          "unsigned int",
                                                          "unsigned long",
                                                          "unsigned long int",
                                                          "unsigned long long",
                                                          "unsigned long long int",
                                                          "unsigned short",
                                                          "unsigned short int",
                                                          "signed",
                                                          "signed int",
                                                          "signed long",
                                                          "signed short",
                                                          "signed long long",
                                                          "signed __int128"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string CTypes::base(const Type& type) {
  const std::string name(type.name);
  const std::uint64_t size = type.size.value_or(0);
  if (known_in_c(name)) return name;
  if (name == "bool") return "_Bool";
  if (name == "wchar_t") return "__WCHAR_TYPE__";
  if (name == "char16_t") return "__CHAR16_TYPE__";
  if (name == "char32_t") return "__CHAR32_TYPE__";
  // gcc's _FloatN are distinct types that clang does not know; what they are made of, both do.
  const bool float128 = interface_.machine == EM_386 || interface_.machine == EM_X86_64;
  const std::string quad =
      name.find("128") != std::string::npos && float128 ? "__float128" : "long double";
  switch (type.encoding) {
    case DW_ATE_float:
      if (size == 4) return "float";
      if (size == 8) return "double";
      if (size == 16 || size == 12 || size == 10) return size == 16 ? quad : "long double";
      break;
    case DW_ATE_complex_float:
      if (size == 8) return "_Complex float";
      if (size == 16) return "_Complex double";
      if (size == 32 && quad == "__float128") {
        prologue_["complex_float128"] =
            "typedef _Complex float complex_float128 __attribute__((mode(TC)));\n";
        return "complex_float128";
      }
      if (size == 32 || size == 24) return "_Complex long double";
      break;
    case DW_ATE_boolean:
      if (size == 1) return "_Bool";
      [[fallthrough]];
    case DW_ATE_unsigned:
    case DW_ATE_unsigned_char:
    case DW_ATE_UTF:
    case DW_ATE_address:
      if (size == 1) return "unsigned char";
      if (size == 2) return "unsigned short";
      if (size == 4) return "unsigned int";
      if (size == 8) return interface_.address_size == 8 ? "unsigned long" : "unsigned long long";
      if (size == 16) return "unsigned __int128";
      break;
    case DW_ATE_signed:
    case DW_ATE_signed_char:
      if (size == 1) return "signed char";
      if (size == 2) return "short";
      if (size == 4) return "int";
      if (size == 8) return interface_.address_size == 8 ? "long" : "long long";
      if (size == 16) return "__int128";
      break;
    default:
      break;
  }
  const std::string bytes = fmt::format("opaque_{}_bytes", size);
  prologue_[bytes] =
      fmt::format("typedef struct {{ unsigned char bytes[{}]; }} {};\n", size, bytes);
  return bytes;
}

std::string CTypes::prologue() const {
  std::string text;
  for (const auto& [name, line] : prologue_) text += line;
  return text;
}

}  // namespace splitstrip
