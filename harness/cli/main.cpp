#include <cstdio>
#include <exception>
#include <new>

#include <fmt/format.h>

#include "check/check.h"
#include "cli/commands.h"
#include "facts/error.h"

namespace {

constexpr int failed = 2;
constexpr int interrupted = 130;  // 128 + SIGINT, as shells have it

int run(int argc, char** argv) {
  CLI::App app(
      "Strips libraries but keeps their types, and proves that every DWARF reader still copes.",
      "splitstrip");
  app.require_subcommand(1);
  app.set_version_flag("--version", SPLITSTRIP_VERSION);
  app.footer(
      "Example: splitstrip check /usr/lib64/libnl-3.so.200\nsplitstrip SUBCOMMAND --help tells "
      "more.");
  app.get_formatter()->column_width(34);
  splitstrip::add_check_command(app);
  splitstrip::add_split_command(app);
  splitstrip::add_embed_command(app);
  splitstrip::add_types_command(app);
  splitstrip::add_variants_command(app);
  splitstrip::add_cores_command(app);
  splitstrip::add_prove_command(app);
  splitstrip::add_doctor_command(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : failed;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const splitstrip::ExitCode& exit) {
    return exit.code;
  } catch (const splitstrip::Interrupted& what) {
    fmt::print(stderr, "splitstrip: {}\n", what.what());
    return interrupted;
  } catch (const splitstrip::Error& error) {
    fmt::print(stderr, "splitstrip: {}\n", error.what());
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "splitstrip: out of memory\n");
  } catch (const std::exception& error) {
    fmt::print(stderr, "splitstrip: {}\n", error.what());
  }
  return failed;
}
