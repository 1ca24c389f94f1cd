#include "elf/other_formats.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <elf.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

// What begins so is `what`; `remedy` is what to do about it, with {0} for the file's path.
struct Format {
  std::string_view magic;
  std::string_view what;
  std::string_view remedy;
};

using namespace std::string_view_literals;

constexpr std::string_view archive_magic = "!<arch>\n";
// The first member of every Debian package (deb(5)): its header follows the archive's magic.
constexpr std::string_view debian_member = "debian-binary";

constexpr std::string_view name_a_member =
    "it is not stripped as a whole: name the library that is linked of it, or take a member out "
    "of it (ar x {0})";
constexpr std::array formats{
    Format{archive_magic, "a static archive", name_a_member},
    Format{"!<thin>\n", "a static archive", name_a_member},
    Format{"\xed\xab\xee\xdb"sv, "an rpm package",
           "unpack it (rpm2cpio {0} | cpio -idm, or bsdtar -xf {0}), its debuginfo package beside "
           "it, and name the library with --sysroot DIRECTORY"},
    Format{"\x1f\x8b"sv, "compressed (gzip)", "unpack it (gunzip -k {0}) and name what is in it"},
    Format{"\xfd"
           "7zXZ\0"sv,
           "compressed (xz)", "unpack it (unxz -k {0}) and name what is in it"},
    Format{"\x28\xb5\x2f\xfd"sv, "compressed (zstd)",
           "unpack it (unzstd {0}) and name what is in it"},
    Format{"BZh"sv, "compressed (bzip2)", "unpack it (bunzip2 -k {0}) and name what is in it"},
    Format{"PK\x03\x04"sv, "a zip archive (as wheels are)",
           "unpack it (unzip {0}) and name a library of it"},
    Format{"BC\xc0\xde"sv, "LLVM bitcode (clang -flto)", "link it and name what the linker made"},
};

bool starts_with(std::span<const std::byte> bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::ranges::equal(
             bytes.first(text.size()), text, {},
             [](std::byte b) { return std::to_integer<unsigned char>(b); },
             [](char c) { return static_cast<unsigned char>(c); });
}

// The words of a linker script's INPUT and GROUP commands (ld's manual, "Commands Dealing with
// Files"), AS_NEEDED's among them; empty if the text is no such script.
std::vector<std::string_view> script_inputs(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n,";
  std::vector<std::string_view> inputs;
  int depth = 0;
  std::string_view last;
  while (!text.empty()) {
    if (text.starts_with("/*")) {
      const std::size_t end = text.find("*/", 2);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    } else if (blank.find(text.front()) != std::string_view::npos) {
      text.remove_prefix(1);
    } else if (text.front() == '(') {
      if (depth > 0 || last == "INPUT" || last == "GROUP") ++depth;
      text.remove_prefix(1);
    } else if (text.front() == ')') {
      if (depth > 0) --depth;
      text.remove_prefix(1);
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n,()"), text.size());
      last = text.substr(0, end);
      if (depth > 0 && last != "AS_NEEDED") inputs.push_back(last);
      text.remove_prefix(end);
    }
  }
  return inputs;
}

// Of what a script names: shared libraries before all else.
std::string_view best_of(const std::vector<std::string_view>& inputs) {
  const auto shared = std::ranges::find_if(
      inputs, [](std::string_view name) { return name.find(".so") != std::string_view::npos; });
  return shared == inputs.end() ? inputs.front() : *shared;
}

void refuse_linker_script(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  constexpr std::size_t longest = 16384;  // they are a few lines
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                              std::min(bytes.size(), longest));
  const bool printable = std::ranges::all_of(text, [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return (code >= 0x20 && code < 0x7f) || c == '\n' || c == '\t' || c == '\r';
  });
  if (!printable) return;
  const std::vector<std::string_view> inputs = script_inputs(text);
  if (!inputs.empty())
    throw Error::of("{}: is a linker script and not a library; it names {}: give that one",
                    path.string(), best_of(inputs));
  if (text.starts_with("/* GNU ld script"))
    throw Error::of("{}: is a linker script and not a library; name the library that it points to",
                    path.string());
}

}  // namespace

void refuse_other_formats(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  if (starts_with(bytes, ELFMAG)) return;
  if (starts_with(bytes, archive_magic) &&
      starts_with(bytes.subspan(archive_magic.size()), debian_member))
    throw Error::of(
        "{0}: is a Debian package; unpack it (dpkg-deb -x {0} DIRECTORY), its -dbgsym package with "
        "it, and name the library with --sysroot DIRECTORY",
        path.string());
  for (const Format& format : formats) {
    if (!starts_with(bytes, format.magic)) continue;
    throw Error::of("{}: is {}; {}", path.string(), format.what,
                    fmt::format(fmt::runtime(format.remedy), path.string()));
  }
  refuse_linker_script(bytes, path);
  throw Error::of("{}: is not an ELF file; name a shared library or program", path.string());
}

}  // namespace splitstrip
