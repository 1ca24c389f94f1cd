#include "consumers/gdb/die_chain.h"

namespace splitstrip {

std::vector<Dwarf_Die> chain_of(const Dwarf_Die& die) {
  std::vector<Dwarf_Die> chain{die};
  while (chain.size() < most_origins) {
    Dwarf_Attribute attribute;
    Dwarf_Die next;
    if (dwarf_attr(&chain.back(), DW_AT_abstract_origin, &attribute) == nullptr &&
        dwarf_attr(&chain.back(), DW_AT_specification, &attribute) == nullptr)
      break;
    if (dwarf_formref_die(&attribute, &next) == nullptr) break;
    chain.push_back(next);
  }
  return chain;
}

std::string_view text_of(Dwarf_Die& die, unsigned name) {
  Dwarf_Attribute attribute;
  if (dwarf_attr(&die, name, &attribute) == nullptr) return {};
  const char* text = dwarf_formstring(&attribute);
  return text == nullptr ? std::string_view{} : text;
}

bool flag_of(Dwarf_Die& die, unsigned name) {
  Dwarf_Attribute attribute;
  bool flag = false;
  return dwarf_attr(&die, name, &attribute) != nullptr && dwarf_formflag(&attribute, &flag) == 0 &&
         flag;
}

}  // namespace splitstrip
