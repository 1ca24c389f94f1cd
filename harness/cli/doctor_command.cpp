#include <future>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.h"
#include "consumers/consumers.h"
#include "facts/error.h"
#include "run/stage.h"
#include "subject/fixture.h"
#include "subject/missing_fixtures.h"

namespace splitstrip {
namespace {

void print_consumer(const Consumer& consumer, const Detection& found) {
  if (found.available) {
    fmt::print("{:<12} {}  {}\n", consumer.name(), found.version, found.program.string());
  } else {
    fmt::print("{:<12} unavailable: {}\n{:<12} install {} (Debian) or {} (Fedora)\n",
               consumer.name(), found.reason, "", found.debian_package, found.fedora_package);
  }
  for (const auto& query : consumer.queries()) {
    fmt::print("  {} {:<13} {}{}\n", found.available ? '+' : '-', query.name, query.asks,
               query.needs_driver ? " (fixtures)" : "");
  }
}

// Fixtures that nobody checks because a compiler is missing must not pass in silence.
void print_fixtures() {
  try {
    const auto names = fixture_names();
    fmt::print("{:<12} {} built: {}\n", "fixtures", names.size(), fmt::join(names, ", "));
    for (const auto& missing : {missing_fixtures(), missing_variants()})
      for (const auto& [name, reason] : missing)
        fmt::print("{:<12} {} is not built: {}\n", "", name, reason);
  } catch (const Error& error) {
    fmt::print("{:<12} unavailable: {}\n", "fixtures", error.what());
  }
}

void doctor() {
  const auto consumers = all_consumers();
  std::vector<std::future<Detection>> found;
  for (const auto& consumer : consumers) {
    found.push_back(std::async(std::launch::async, [&consumer] { return consumer->detect(); }));
  }
  for (std::size_t i = 0; i < consumers.size(); ++i) print_consumer(*consumers[i], found[i].get());
  std::string why;
  if (can_isolate(&why)) {
    fmt::print("{:<12} each pair is seen in a mount namespace of its own\n", "staging");
  } else {
    fmt::print("{:<12} private directories, since there is no mount namespace: {}\n", "staging",
               why);
  }
  print_fixtures();
}

}  // namespace

void add_doctor_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "doctor", "Tell which consumers are here, what they can answer, and what is missing");
  command->footer("Example: splitstrip doctor");
  command->callback(doctor);
}

}  // namespace splitstrip
