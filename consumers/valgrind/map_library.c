#define _GNU_SOURCE
#include "map_library.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Returns NULL, or what is wrong. */
static const char* read_segments(struct library* library) {
  ElfW(Ehdr) header;
  if (pread(library->file, &header, sizeof header, 0) != (ssize_t)sizeof header ||
      memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return "the library is no ELF file";
  if (header.e_ident[EI_CLASS] != (sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32) ||
      header.e_phentsize != sizeof(ElfW(Phdr)))
    return "the library is for another machine, and valgrind runs only this one's code";
  for (size_t i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) segment;
    const off_t at = (off_t)(header.e_phoff + i * sizeof segment);
    if (pread(library->file, &segment, sizeof segment, at) != (ssize_t)sizeof segment)
      return "the library's program headers lie outside of it";
    if (segment.p_type != PT_LOAD) continue;
    if (library->count == most_segments) return "the library has too many segments";
    if (segment.p_memsz < segment.p_filesz || segment.p_vaddr + segment.p_memsz < segment.p_vaddr ||
        (segment.p_vaddr - segment.p_offset) % library->page != 0)
      return "the library has a segment that cannot be mapped";
    if (library->count != 0 && segment.p_vaddr < library->segments[library->count - 1].p_vaddr +
                                                     library->segments[library->count - 1].p_memsz)
      return "the library's segments are not in order";
    library->segments[library->count++] = segment;
  }
  return library->count == 0 ? "the library has nothing to load" : NULL;
}

const char* open_library(const char* path, struct library* library) {
  *library = (struct library){.file = open(path, O_RDONLY | O_CLOEXEC),
                              .page = (uintptr_t)sysconf(_SC_PAGESIZE)};
  if (library->file < 0) return strerror(errno);
  errno = 0;
  return read_segments(library);
}

static int protection(const ElfW(Phdr) * segment) {
  return ((segment->p_flags & PF_R) != 0 ? PROT_READ : 0) |
         ((segment->p_flags & PF_W) != 0 ? PROT_WRITE : 0) |
         ((segment->p_flags & PF_X) != 0 ? PROT_EXEC : 0);
}

const char* map_library(struct library* library, void* where) {
  const uintptr_t mask = ~(library->page - 1);
  const ElfW(Phdr)* last = &library->segments[library->count - 1];
  const uintptr_t start = library->segments[0].p_vaddr & mask;
  const uintptr_t length = last->p_vaddr + last->p_memsz - start;
  char* const base =
      mmap(where, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) return strerror(errno);
  if (where != NULL && base != where) return "the library cannot be mapped where it has to be";
  library->bias = (uintptr_t)base - start;
  for (size_t i = 0; i < library->count; ++i) {
    const ElfW(Phdr)* segment = &library->segments[i];
    const uintptr_t from = segment->p_vaddr & mask;
    const uintptr_t before = segment->p_vaddr - from;
    if (segment->p_filesz == 0) continue;
    if (mmap(base + (from - start), before + segment->p_filesz, protection(segment),
             MAP_PRIVATE | MAP_FIXED, library->file,
             (off_t)(segment->p_offset - before)) == MAP_FAILED)
      return strerror(errno);
  }
  return NULL;
}
