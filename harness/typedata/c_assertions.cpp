// What a C compiler has to find true of the types written, if their layout is the recorded one.
#include <fmt/format.h>

#include "typedata/c_depth.h"
#include "typedata/c_types.h"

namespace splitstrip {

void CTypes::member_assertions(TypeId id, const std::string& record, const std::string& path,
                               std::uint64_t at, std::string& text) {
  const Depth depth(*this);
  const Type& type = interface_.type(id);
  const RecordPlan& plan = layout_.plan(id);
  if (plan.opaque) return;
  std::unordered_set<std::string> taken;
  for (const FieldPlan& field : plan.fields) {
    const Member& member = type.members[field.member];
    const std::uint64_t offset = at + *member.bit_offset / 8;
    const TypeId nested = strip(interface_, member.type, false);
    const bool anonymous = !field.as_bytes && anonymous_member(member);
    const std::string name = anonymous ? "" : path + field_name(type, field.member, taken);
    if (!member.bit_size && !anonymous) {
      text += fmt::format("_Static_assert(__builtin_offsetof({}, {}) == {}, \"{} of {}\");\n",
                          record, name, offset, name, record);
      const auto size = size_of(interface_, member.type);
      if (size && !field.as_bytes) {
        text += fmt::format("_Static_assert(sizeof((({} *)0)->{}) == {}, \"size of {} of {}\");\n",
                            record, name, *size, name, record);
      }
    }
    if (!field.as_bytes && nested != void_type && is_record(interface_.type(nested).kind) &&
        names_.type(nested).empty()) {
      member_assertions(nested, record, anonymous ? path : name + ".", offset, text);
    }
    if (text.size() > left_) counted(text);
  }
}

std::string CTypes::assertions(TypeId id, const std::string& name) {
  std::string text;
  if (const auto size = size_of(interface_, id)) {
    text = fmt::format("_Static_assert(sizeof({}) == {}, \"size of {}\");\n", name, *size, name);
  }
  if (is_record(interface_.type(id).kind)) member_assertions(id, name, "", 0, text);
  return counted(std::move(text));
}

}  // namespace splitstrip
