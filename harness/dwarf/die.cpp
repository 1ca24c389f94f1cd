#include "dwarf/die.h"

#include "facts/error.h"

namespace splitstrip {
namespace {

// libdw keeps the error of a thread until it is asked for; asking clears it.
std::string_view last_error() {
  const char* message = dwarf_errmsg(-1);
  return message != nullptr ? message : "unknown error";
}

bool is_constant(unsigned form) {
  switch (form) {
    case DW_FORM_data1:
    case DW_FORM_data2:
    case DW_FORM_data4:
    case DW_FORM_data8:
    case DW_FORM_udata:
    case DW_FORM_sdata:
    case DW_FORM_implicit_const:
      return true;
    default:
      return false;
  }
}

}  // namespace

int Die::tag() const {
  const int tag = dwarf_tag(&raw_);
  if (tag == DW_TAG_invalid) {
    throw Error::of(
        "{}: the DWARF entry at {:#x} has no abbreviation: the file is damaged, build or fetch it "
        "again",
        file_, offset());
  }
  return tag;
}

std::uint64_t Die::offset() const {
  return dwarf_dieoffset(&raw_);
}

std::optional<Dwarf_Attribute> Die::attribute(unsigned name) const {
  Dwarf_Attribute found;
  if (dwarf_attr(&raw_, name, &found) == nullptr) return std::nullopt;
  return found;
}

void Die::unreadable(unsigned attribute) const {
  throw Error::of(
      "{}: attribute {:#x} of the DWARF entry at {:#x} cannot be read ({}): the file is damaged, "
      "build or fetch it again",
      file_, attribute, offset(), last_error());
}

bool Die::has(unsigned attribute) const {
  return dwarf_hasattr(&raw_, attribute) != 0;
}

std::optional<unsigned> Die::form(unsigned name) const {
  const auto found = attribute(name);
  if (!found) return std::nullopt;
  return found->form;
}

std::optional<std::string_view> Die::string(unsigned name) const {
  auto found = attribute(name);
  if (!found) return std::nullopt;
  const char* text = dwarf_formstring(&*found);
  if (text == nullptr) unreadable(name);
  return text;
}

std::optional<std::uint64_t> Die::unsigned_value(unsigned name) const {
  auto found = attribute(name);
  if (!found || !is_constant(found->form)) return std::nullopt;
  Dwarf_Word value = 0;
  if (dwarf_formudata(&*found, &value) != 0) unreadable(name);
  return value;
}

std::optional<std::int64_t> Die::signed_value(unsigned name) const {
  auto found = attribute(name);
  if (!found || !is_constant(found->form)) return std::nullopt;
  Dwarf_Sword value = 0;
  if (dwarf_formsdata(&*found, &value) != 0) unreadable(name);
  return value;
}

bool Die::flag(unsigned name) const {
  auto found = attribute(name);
  if (!found) return false;
  bool value = false;
  if (dwarf_formflag(&*found, &value) != 0) unreadable(name);
  return value;
}

std::optional<Die> Die::reference(unsigned name) const {
  auto found = attribute(name);
  if (!found) return std::nullopt;
  Dwarf_Die target;
  if (dwarf_formref_die(&*found, &target) == nullptr) unreadable(name);
  return Die(target, file_);
}

Children Die::children() const {
  Dwarf_Die first;
  const int status = dwarf_child(&raw_, &first);
  if (status < 0) {
    throw Error::of(
        "{}: the children of the DWARF entry at {:#x} cannot be read ({}): the file is damaged, "
        "build or fetch it again",
        file_, offset(), last_error());
  }
  if (status > 0) return Children(std::nullopt);
  return Children(Die(first, file_));
}

Children::Iterator& Children::Iterator::operator++() {
  Dwarf_Die next;
  Dwarf_Die current = at_->raw();
  const int status = dwarf_siblingof(&current, &next);
  if (status > 0) {
    at_.reset();
    return *this;
  }
  if (status < 0 || dwarf_dieoffset(&next) <= at_->offset()) {
    throw Error::of(
        "{}: the DWARF entry after the one at {:#x} cannot be read ({}): the file is damaged, "
        "build or fetch it again",
        at_->file(), at_->offset(), status < 0 ? last_error() : "it lies before it");
  }
  at_ = Die(next, at_->file());
  return *this;
}

}  // namespace splitstrip
