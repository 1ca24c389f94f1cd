// Messages name the file that the user named, never the copy of ours that was joined of it.
#pragma once

#include <string>
#include <string_view>

#include "subject/subject.h"

namespace splitstrip {

// `text` with the path of the unstripped ELF replaced by that of what the user named.
std::string with_given_name(std::string_view text, const Subject& subject);

}  // namespace splitstrip
