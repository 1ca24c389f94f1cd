// The identifiers under which a C compiler will know an interface's functions, objects and types.
//
// DWARF allows what C does not: a type named as a keyword, two types of one name, "ns::list<int>".
// Each thing gets an identifier of its own here; the exported names come first, as they are what a
// reader looks for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "typedata/interface.h"

namespace splitstrip {

// A valid C identifier that is not reserved, as like `name` as possible; "_" for an empty one.
std::string c_identifier(std::string_view name);

// Text as it may stand inside of a C comment, on one line.
std::string c_comment(std::string_view text);

class CNames {
 public:
  explicit CNames(const Interface& interface);

  // For a typedef, or for a record or enumeration its tag: empty if it is anonymous and needs none,
  // as it is written where it is used.
  const std::string& type(TypeId id) const { return types_[id]; }
  // Gives an anonymous record or enumeration a tag after all.
  void need_tag(TypeId id);

  const std::string& function(std::size_t index) const { return functions_[index]; }
  const std::string& object(std::size_t index) const { return objects_[index]; }
  const std::string& enumerator(TypeId id, std::size_t index) const {
    return enumerators_[id][index];
  }
  // Whether `identifier` names a typedef, so that a parameter of that name would hide it.
  bool is_typedef(const std::string& identifier) const { return typedefs_.contains(identifier); }

 private:
  // One of C's name spaces (C17, 6.2.3).
  struct Names {
    std::unordered_set<std::string> taken;
    std::unordered_map<std::string, std::size_t> last;  // the number given last

    std::string unused(const std::string& wanted);
  };

  Names ordinary_, tags_;
  std::unordered_set<std::string> typedefs_;
  std::vector<std::string> types_, functions_, objects_;
  std::vector<std::vector<std::string>> enumerators_;
  std::size_t anonymous_ = 0;
};

}  // namespace splitstrip
