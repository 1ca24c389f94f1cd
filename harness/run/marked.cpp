#include "run/marked.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <system_error>
#include <thread>

#include <fmt/format.h>

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

bool has_mark(const fs::path& process, const std::string& mark) {
  std::ifstream in(process / "environ", std::ios::binary);
  for (std::string variable; std::getline(in, variable, '\0');)
    if (variable == mark) return true;
  return false;
}

unsigned kill_once(const std::string& mark) {
  unsigned found = 0;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (!has_mark(entry->path(), mark)) continue;
    ++found;
    kill(std::stoi(name), SIGKILL);
  }
  return found;
}

}  // namespace

std::string new_mark() {
  std::random_device random;
  return fmt::format("SPLITSTRIP_JOB={:08x}{:08x}", random(), random());
}

unsigned kill_marked(const std::string& mark) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  while (true) {
    const unsigned found = kill_once(mark);
    if (found == 0 || std::chrono::steady_clock::now() > end) return found;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace splitstrip
