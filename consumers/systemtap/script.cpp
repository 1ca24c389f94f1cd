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
    script += "probe begin {";
    for (const auto& [what, read] : {std::pair{"value", variable + "$$"},
                                     {"element", variable + "[0]$$"},
                                     {"address", "&" + variable}})
      script +=
          fmt::format(" if (@defined({0})) println(\"variable {1} {2}\", {0})", read, name, what);
    script += " }\n";
  }
  for (const auto& type : spread(names.types, size.types)) {
    const auto cast = fmt::format("@cast(1, \"{}\", {})$$", type, path);
    script += fmt::format("probe begin {{ if (@defined({0})) println(\"type {1}\", {0}) }}\n", cast,
                          type);
  }
  // Without any probe stap would take the script for an error.
  script += "probe end { exit() }\n";
  return script;
}

}  // namespace splitstrip
