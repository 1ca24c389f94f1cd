// What the user should know although all went well.
#pragma once

#include <string_view>

namespace splitstrip {

// One line to standard error, which names the file.
void notice(std::string_view line);

}  // namespace splitstrip
