#include "subject/given_name.h"

#include "facts/normalise.h"

namespace splitstrip {

std::string with_given_name(std::string_view text, const Subject& subject) {
  if (subject.unstripped.empty()) return std::string(text);
  return replace_path(text, subject.unstripped.string(), subject.given.string());
}

}  // namespace splitstrip
