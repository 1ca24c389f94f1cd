#include "consumers/systemtap/script.h"

#include <fmt/format.h>

namespace splitstrip {

std::string stap_literal(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

namespace {

// A probe that prints `label` and what `read` gives, if it gives anything.
std::string guarded(const std::string& label, const std::string& read) {
  return fmt::format("probe begin {{ if (@defined({0})) println({1}, {0}) }}\n", read,
                     stap_literal(label));
}

}  // namespace

std::string read_script(const std::filesystem::path& library, const Names& names,
                        const ScriptSize& size) {
  const std::string path = stap_literal(library.string());
  std::string script;
  for (const auto& name : spread(names.functions, size.functions))
    script += fmt::format("probe process({}).function(\"{}\").call ? {{ println($$parms$$) }}\n",
                          path, name);
  for (const auto& name : spread(names.functions, size.returns))
    script += fmt::format(
        "probe process({}).function(\"{}\").return ? "
        "{{ if (@defined($return$$)) println($return$$) "
        "else if (@defined($return)) println($return) }}\n",
        path, name);
  for (const auto& name : spread(names.functions, size.statements))
    script += fmt::format("probe process({}).statement(\"{}@*:*\") ? {{ println($$vars) }}\n", path,
                          name);
  for (const auto& name : spread(names.variables, size.variables)) {
    const auto variable = fmt::format("@var(\"{}\", {})", name, path);
    for (const auto& [what, read] : {std::pair{"value", variable + "$$"},
                                     {"element", variable + "[0]$$"},
                                     {"address", "&" + variable}})
      script += guarded(fmt::format("{} of {}", what, name), read);
  }
  for (const auto& type : spread(names.types, size.types))
    script += guarded(type, fmt::format("@cast(1, \"{}\", {})$$", type, path));
  // Without any probe stap would take the script for an error.
  script += "probe end { exit() }\n";
  return script;
}

std::string live_script(const std::filesystem::path& library, const Names& names,
                        std::size_t most) {
  std::string script;
  for (const auto& name : spread(names.functions, most))
    script += fmt::format("probe process({}).function(\"{}\").call ? {{ printf(\"hit {}\\n\") }}\n",
                          stap_literal(library.string()), name, name);
  // Without any probe stap would take the script for an error.
  if (names.functions.empty()) script += "probe end { exit() }\n";
  return script;
}

}  // namespace splitstrip
