/* Maps a library as ld.so would, without loading it: no constructor runs, and nothing that it
 * depends on has to be here. valgrind reads an object's symbols and debug information when it sees
 * its code and its data mapped, whoever maps them.
 *
 * Sources: elf(5); glibc's elf/dl-map-segments.h for the order of the mappings.
 */
#pragma once

#include <link.h>
#include <stddef.h>
#include <stdint.h>

enum { most_segments = 64 };

struct library {
  int file;
  uintptr_t page;
  size_t count;
  ElfW(Phdr) segments[most_segments];
  uintptr_t bias; /* what to add to an address of the file to get one in memory */
};

/* Opens the library at `path` and reads its program headers. Returns NULL, or why valgrind cannot
 * be asked about it; `errno` is 0 then, or says why the file cannot be opened. */
const char* open_library(const char* path, struct library* library);

/* Maps it at `where`, or anywhere if that is NULL. Returns NULL, or what is wrong. */
const char* map_library(struct library* library, void* where);
