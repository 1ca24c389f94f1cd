// Prints a made-up result to the terminal at hand, to look at what a change to the renderers does.
// usage: report_show_sample [SUBJECTS]
#include <clocale>
#include <cstdlib>

#include <fmt/format.h>
#include <unistd.h>

#include "report/sample_result.h"
#include "report/terminal.h"

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  const auto subjects = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10;
  const auto result = splitstrip::sample_result(subjects);
  fmt::print("{}", splitstrip::to_terminal(result, splitstrip::detect_style(STDOUT_FILENO)));
  return result.summary.exit;
}
