// What a unit's DW_AT_language says (DWARF 5, 7.12, and the codes given out since).
#pragma once

#include <cstdint>

#include <dwarf.h>

namespace splitstrip {

// Codes that are younger than the oldest elfutils that this is built with.
inline constexpr std::uint16_t kLangCxx17 = 0x2a;
inline constexpr std::uint16_t kLangCxx20 = 0x2b;
inline constexpr std::uint16_t kLangC17 = 0x2c;
inline constexpr std::uint16_t kLangFortran18 = 0x2d;
inline constexpr std::uint16_t kLangAda2005 = 0x2e;
inline constexpr std::uint16_t kLangAda2012 = 0x2f;
inline constexpr std::uint16_t kLangCxx23 = 0x3a;
inline constexpr std::uint16_t kLangC23 = 0x3e;
inline constexpr std::uint16_t kLangFortran23 = 0x3f;

// The oldest edition of a language stands for all of its editions; 0 is no language.
constexpr std::uint16_t language_family(std::uint64_t language) {
  switch (language) {
    case DW_LANG_C:
    case DW_LANG_C89:
    case DW_LANG_C99:
    case DW_LANG_C11:
    case kLangC17:
    case kLangC23:
      return DW_LANG_C;
    case DW_LANG_C_plus_plus:
    case DW_LANG_C_plus_plus_03:
    case DW_LANG_C_plus_plus_11:
    case DW_LANG_C_plus_plus_14:
    case kLangCxx17:
    case kLangCxx20:
    case kLangCxx23:
      return DW_LANG_C_plus_plus;
    case DW_LANG_Fortran77:
    case DW_LANG_Fortran90:
    case DW_LANG_Fortran95:
    case DW_LANG_Fortran03:
    case DW_LANG_Fortran08:
    case kLangFortran18:
    case kLangFortran23:
      return DW_LANG_Fortran77;
    case DW_LANG_Ada83:
    case DW_LANG_Ada95:
    case kLangAda2005:
    case kLangAda2012:
      return DW_LANG_Ada83;
    default:
      return static_cast<std::uint16_t>(language);
  }
}

// Whether it is C: the one language in which a function may have no prototype (DW_AT_prototyped,
// 3.3.1), and which passes no record by its address.
constexpr bool is_c(std::uint64_t language) {
  return language_family(language) == DW_LANG_C;
}

// Whether it is C++, also within Objective-C++: where a class may be passed by the address of a
// copy.
constexpr bool is_cxx(std::uint64_t language) {
  return language_family(language) == DW_LANG_C_plus_plus || language == DW_LANG_ObjC_plus_plus;
}

constexpr bool is_fortran(std::uint64_t language) {
  return language_family(language) == DW_LANG_Fortran77;
}

// What a subrange without DW_AT_lower_bound begins with (DWARF 5, 5.13 and table 7.17).
constexpr std::uint64_t default_lower_bound(std::uint64_t language) {
  switch (language_family(language)) {
    case DW_LANG_Ada83:
    case DW_LANG_Cobol74:
    case DW_LANG_Cobol85:
    case DW_LANG_Fortran77:
    case DW_LANG_Julia:
    case DW_LANG_Modula2:
    case DW_LANG_Modula3:
    case DW_LANG_Pascal83:
    case DW_LANG_PLI:
      return 1;
    default:
      return 0;
  }
}

}  // namespace splitstrip
