#include "consumers/llvm/symbolizer_reader.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace splitstrip {
namespace {

using nlohmann::json;

// The text of a member; a number as digits, an absent one empty.
std::string text_of(const json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end()) return {};
  if (member->is_string()) return member->get<std::string>();
  return member->is_number() ? member->dump() : std::string();
}

bool known(const std::string& text) {
  return !text.empty() && text != "0" && text != "0x0" && text != "??";
}

std::string place(const json& object, const char* file, const char* line) {
  return fmt::format("{}:{}", text_of(object, file), text_of(object, line));
}

std::string frame_text(const json& frame) {
  std::string text = text_of(frame, "FunctionName");
  if (known(text_of(frame, "FileName")) || known(text_of(frame, "Line"))) {
    text += fmt::format(" at {}", place(frame, "FileName", "Line"));
    if (const auto column = text_of(frame, "Column"); known(column)) text += ":" + column;
    if (const auto number = text_of(frame, "Discriminator"); known(number))
      text += fmt::format(" discriminator {}", number);
  }
  if (known(text_of(frame, "StartLine")))
    text += fmt::format(" since {}", place(frame, "StartFileName", "StartLine"));
  return text;
}

void add_code(const std::string& query, const std::string& address, const json& frames,
              FactSink& facts) {
  std::string chain;
  for (const auto& frame : frames) {
    if (!frame.is_object()) continue;
    const auto text = frame_text(frame);
    if (!text.empty()) chain += fmt::format("{}{}", chain.empty() ? "" : " < ", text);
  }
  if (!chain.empty()) facts.add(query, address, chain);
}

void add_variables(const std::string& query, const std::string& address, const json& variables,
                   FactSink& facts) {
  for (const auto& variable : variables) {
    if (!variable.is_object()) continue;
    std::string value = fmt::format("{} bytes, {}", text_of(variable, "Size"),
                                    place(variable, "DeclFile", "DeclLine"));
    if (const auto offset = text_of(variable, "FrameOffset"); !offset.empty())
      value += fmt::format(", frame offset {}", offset);
    facts.add(query,
              fmt::format("{} {} {}", address, text_of(variable, "FunctionName"),
                          text_of(variable, "Name")),
              value);
  }
}

}  // namespace

void SymbolizerReader::line(std::string_view text, FactSink& facts) {
  if (text.empty()) return;
  const json answer = json::parse(text, nullptr, false);
  const auto address = answer.is_object() ? text_of(answer, "Address") : std::string();
  if (address.empty() || answer.contains("Error")) {
    if (garbage_.empty()) garbage_ = text.substr(0, 200);
    return;
  }
  ++answered_;
  if (const auto frames = answer.find("Symbol"); frames != answer.end() && frames->is_array()) {
    add_code(query_, address, *frames, facts);
  } else if (const auto variables = answer.find("Frame");
             variables != answer.end() && variables->is_array()) {
    add_variables(query_, address, *variables, facts);
  }
}

std::vector<QueryEnd> SymbolizerReader::end(const Ending& ending, FactSink& /*facts*/) {
  if (ending.how != Ending::How::exited) return {{query_, QueryEnd::How::failed, describe(ending)}};
  if (!garbage_.empty())
    return {{query_, QueryEnd::How::failed,
             fmt::format("llvm-symbolizer answered with something else: \"{}\"", garbage_)}};
  if (answered_ != questions_)
    return {{query_, QueryEnd::How::failed,
             fmt::format("llvm-symbolizer answered {} of {} questions ({})", answered_, questions_,
                         describe(ending))}};
  return {{query_, QueryEnd::How::answered, ""}};
}

}  // namespace splitstrip
