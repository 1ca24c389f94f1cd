// Digests of all that an answer depends on: the key under which it may be remembered.
#pragma once

#include <filesystem>
#include <string>

#include "check/answer.h"
#include "consumers/consumer.h"
#include "run/stage.h"
#include "subject/subject.h"

namespace splitstrip {

// What a variant of a subject looks like to consumers, as a digest for each part that a query may
// or may not need.
struct StageFingerprint {
  std::string library;    // main, its debug file however that is found, driver, dwz's common file
  std::string reference;  // below $ROOT/reference
  std::string broken;     // below $ROOT/broken
  std::string synthetic = {};  // how cores are made of the library; filled in by who needs them
};

// Of the stage built in `directory` from `content`. The driver's core file is left out: it is
// as unlike the next one as two processes are. Throws Error.
StageFingerprint fingerprint(const Stage& stage, const StageContent& content,
                             const std::filesystem::path& directory);

// What the harness makes of a subject's DWARF, and where it stops the driver.
std::string fingerprint(const Subject& subject);

// This program, its helpers and scripts, and the kernel: what asks, and how answers are read.
std::string fingerprint_of_harness();

// Who is asked: name, version and file of the program.
std::string fingerprint(const Consumer& consumer, const Detection& found);

}  // namespace splitstrip
