// The types of an ABI document (abixml), written out as text instead of as type-ids.
//
//   <pointer-type-def type-id='type-id-7' .../>   const struct nl_addr*
//   <function-type ...>                           int (*)(struct nl_cache*, void*)
//
// Type-ids are numbers given in the order of reading and mean nothing outside of their document.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include <pugixml.hpp>

namespace splitstrip {

class AbiTypes {
 public:
  // Text of one type or declaration longer than this, or nested deeper, is cut with "...": no real
  // library has it, and a document that refers to itself must come to an end.
  static constexpr std::size_t longest_text = std::size_t{1} << 20;
  static constexpr int deepest = 48;

  // The document must outlive this object.
  explicit AbiTypes(const pugi::xml_document& document);

  // The type `id` as C++ would spell the declaration of `declarator` (may be empty) with it.
  std::string spell(std::string_view id, std::string declarator = {}) const;

  // What a <function-decl> declares: "int area(const struct point* p)".
  std::string signature(pugi::xml_node function) const;

  // What is in a <class-decl>, <union-decl> or <enum-decl>: size, bases and members with their
  // offsets in bits, or enumerators. Member functions and types are left out.
  std::string layout(pugi::xml_node type) const;

  // "struct ns::point", "enum colour", "typedef size_t": how keys and texts name a type.
  static std::string name_of(pugi::xml_node type);
  // The declaration's name with its namespaces and classes.
  static std::string qualified(pugi::xml_node declaration);

 private:
  class Speller;

  std::unordered_map<std::string_view, pugi::xml_node> by_id_;
};

bool is_anonymous(pugi::xml_node type);

}  // namespace splitstrip
