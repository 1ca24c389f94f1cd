#include "consumers/foreign.h"

#include <string>

#include <sys/utsname.h>

#include "elf/elf_file.h"
#include "synth/architecture.h"

namespace splitstrip {
namespace {

// Empty if the kernel does not tell: then nothing is foreign.
std::string this_machine() {
  utsname here{};
  return uname(&here) == 0 ? here.machine : "";
}

}  // namespace

bool is_foreign(const Subject& subject) {
  const std::string here = this_machine();
  return !here.empty() && !subject.machine.empty() && subject.machine != here;
}

bool runs_here(const Subject& subject) {
  return !is_foreign(subject) || (this_machine() == "x86_64" && subject.machine == "i686");
}

bool concerns_made_up_stacks(const Subject& subject) {
  return !is_foreign(subject) ||
         synth::architecture_of(ElfFile::open(subject.unstripped).header().e_machine);
}

}  // namespace splitstrip
