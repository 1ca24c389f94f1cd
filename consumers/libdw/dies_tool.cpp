// What the consumer libdw runs in the stage: writes the facts of a library to file descriptor 3.
#include <exception>
#include <iostream>
#include <string>

#include "consumers/libdw/fact_output.h"
#include "consumers/libdw/tell_file.h"

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: splitstrip-dies LIBRARY DEBUG-ROOT QUERY...\n";
    return 2;
  }
  using namespace splitstrip;
  FactOutput facts(3);
  try {
    for (int i = 3; i < argc; ++i) {
      try {
        tell_library(argv[1], argv[2], argv[i], facts);
        facts.end("!answered", argv[i]);
      } catch (const std::exception& error) {
        facts.end("!failed", argv[i], error.what());
      }
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
