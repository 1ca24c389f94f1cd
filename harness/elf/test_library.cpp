#include "elf/test_library.h"

#include <fstream>
#include <iterator>

#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/program.h"

namespace splitstrip::testing_support {

namespace fs = std::filesystem;

const char* const small_source = R"(
struct point { int x; long y; };
union value { int i; double d; };
struct shape { struct point at; union value value; struct shape *next; unsigned flags : 3; };
int exported_object = 42;
__thread long exported_tls = 7;
static __attribute__((noinline)) int hidden_helper(int a) { return a * exported_object; }
int scale(int by) { return hidden_helper(by) + 1; }
long move_shape(struct shape *shape, long dy) {
  shape->at.y += dy + scale(3);
  return shape->at.y + exported_tls;
}
double area(const struct shape *shape, int kind) { return kind ? shape->value.d : scale(kind); }
int alias_of_scale(int by) __attribute__((alias("scale")));
)";

std::string run(const std::vector<std::string>& argv) {
  Program program = Program::start(argv);
  ProgramEnd end = program.wait(std::chrono::minutes(2));
  if (!end.ok())
    throw Error::of("{}: {}{}", argv.front(), end.errors, end.errors.empty() ? end.reason() : "");
  return end.output;
}

void build_library(const fs::path& output, const std::string& source,
                   const std::vector<std::string>& flags) {
  const fs::path file = output.string() + ".c";
  write_file(file, source);
  std::vector<std::string> argv{"gcc",
                                "-g",
                                "-O2",
                                "-fPIC",
                                "-shared",
                                "-Wl,--build-id=sha1",
                                "-Wl,-soname," + output.filename().string(),
                                "-o",
                                output.string(),
                                file.string()};
  argv.insert(argv.end(), flags.begin(), flags.end());
  run(argv);
}

std::vector<std::byte> file_bytes(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error::of("{}: cannot be read", path.string());
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

void write_bytes(const fs::path& path, const std::vector<std::byte>& bytes) {
  write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

std::vector<fs::path> real_libraries() {
  std::vector<fs::path> found;
  for (const char* name : {"libnl-3.so.200", "libc.so.6", "libdb-5.3.so", "libgsl.so.27",
                           "libkrb5.so.3", "libpcre.so.3", "libctf.so.0", "liblua5.4.so.0"})
    for (const char* directory : {"/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu",
                                  "/usr/lib64", "/usr/lib/aarch64-linux-gnu"}) {
      std::error_code none;
      if (!fs::exists(fs::path(directory) / name, none)) continue;
      found.push_back(fs::path(directory) / name);
      break;
    }
  return found;
}

}  // namespace splitstrip::testing_support
