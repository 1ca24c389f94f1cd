#include "consumers/gdb/parameters.h"

#include <nlohmann/json.hpp>

namespace splitstrip {

using nlohmann::json;

std::string gdb_parameters(const Question& question, const std::vector<std::string>& queries,
                           const std::filesystem::path& landmarks,
                           const std::filesystem::path& gdbserver) {
  const StagedPair& pair = question.pair;
  json object{
      {"queries", queries},
      {"channel", facts_descriptor},
      {"library", pair.library.string()},
      {"root", pair.root.string()},
      {"landmarks", landmarks.string()},
      {"gdbserver", gdbserver.string()},
      {"core", pair.core.string()},
      {"debug_root", pair.isolated ? "" : pair.debug_root.string()},
  };
  if (!pair.synthetic_cores.empty()) {
    // The program that they are of lies beside them: see synth/synthetic_cores.h.
    object["program"] = (pair.synthetic_cores.front().parent_path() / "process").string();
    for (const auto& core : pair.synthetic_cores) object["cores"].push_back(core.string());
  }
  if (question.subject.driver && !pair.driver.empty()) {
    const Driver& driver = *question.subject.driver;
    object["driver"] = {
        {"program", pair.driver.string()},
        {"arguments", driver.arguments},
        {"break_functions", driver.break_functions},
        {"break_lines", driver.break_lines},
        {"finish_functions", driver.finish_functions},
        {"step_from", driver.step_from},
    };
  }
  return object.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace splitstrip
