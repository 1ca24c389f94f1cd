#include "typedata/check.h"

#include <algorithm>
#include <vector>

#include "facts/error.h"

namespace splitstrip {
namespace {

// The type that step `at` of those that make up `type` leads to; nothing after the last.
std::optional<TypeId> part(const Type& type, std::size_t at) {
  if (is_record(type.kind)) {
    if (at < type.members.size()) return type.members[at].type;
    return std::nullopt;
  }
  const bool by_value = is_qualifier(type.kind) || type.kind == TypeKind::alias ||
                        type.kind == TypeKind::array || type.kind == TypeKind::enumeration;
  if (by_value && at == 0) return type.target;
  return std::nullopt;
}

}  // namespace

void check_interface(const Interface& interface, std::string_view file, std::size_t depth) {
  struct Step {
    TypeId id;
    std::size_t next;
    std::size_t height;  // of what was found below so far
  };
  constexpr std::size_t unseen = 0;
  constexpr std::size_t open = static_cast<std::size_t>(-1);
  std::vector<std::size_t> heights(interface.types.size(), unseen);
  std::vector<Step> path;
  for (TypeId start = 0; start < interface.types.size(); ++start) {
    if (heights[start] != unseen) continue;
    heights[start] = open;
    path.push_back({start, 0, 0});
    while (!path.empty()) {
      Step& step = path.back();
      const auto next = part(interface.type(step.id), step.next);
      if (!next) {
        const Step done = step;
        heights[done.id] = done.height + 1;
        path.pop_back();
        if (!path.empty()) path.back().height = std::max(path.back().height, done.height + 1);
        continue;
      }
      ++step.next;
      if (*next == void_type) continue;
      if (heights[*next] == open) {
        throw Error::of(
            "{}: its type '{}' contains itself: the file is damaged, build or fetch it again", file,
            interface.type(*next).name);
      }
      if (heights[*next] == unseen) {
        heights[*next] = open;
        path.push_back({*next, 0, 0});
      } else {
        step.height = std::max(step.height, heights[*next]);
      }
    }
    if (heights[start] > depth) {
      throw Error::of(
          "{}: its type '{}' is nested too deeply: the file is damaged, build or fetch it again",
          file, interface.type(start).name);
    }
  }
}

}  // namespace splitstrip
