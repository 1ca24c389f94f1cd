// Makes a scene in the stage, where the library and its debug file can be seen, and becomes gdb.
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <unistd.h>

#include "consumers/gdb/scene.h"
#include "facts/escape.h"

namespace {

int fail(const std::string& why) {
  std::cerr << why << '\n';
  std::string record = "!failed\ttypedata\t";
  splitstrip::append_escaped(record, why);
  record.push_back('\n');
  return write(3, record.data(), record.size()) < 0 ? 3 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr << "usage: splitstrip-typedata-scene LIBRARY DEBUG-ROOT DIRECTORY COMMAND...\n";
    return 2;
  }
  try {
    splitstrip::make_scene(argv[1], argv[2], argv[3]);
  } catch (const std::exception& error) {
    return fail(error.what());
  }
  execvp(argv[4], argv + 4);
  return fail(std::string(argv[4]) + ": cannot be started");
}
