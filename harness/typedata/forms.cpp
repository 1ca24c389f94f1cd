#include "typedata/forms.h"

#include <algorithm>
#include <numeric>
#include <sstream>

#include <gtest/gtest.h>

#include "typedata/built.h"

namespace splitstrip::testing_support {

const Sources& form_sources() {
  static const std::string types = R"(
struct node; typedef struct node node_t;
struct node { node_t *next; struct { int a; union { int b; float c; }; } inner; int grid[3][4]; };
struct bits { unsigned a : 3; int : 0; unsigned b : 7; long long c : 40; _Bool d : 1; unsigned char e : 2; char pad; };
struct packed { char a; int b; short c; unsigned x : 3; unsigned y : 13; } __attribute__((packed));
struct flexible { int count; struct node data[]; };
union value { int i; char text[12]; double d; };
enum negative { N1 = -5, N2 = 3 };
enum large { B1 = 0x1ffffffffULL, B2 };
typedef int (*callback)(struct node *, void *, int (*)(const char *, ...));
struct callbacks { callback a; int (*b[4])(void); void (*(*d)(int))(double); const char *const *volatile e; };
struct opaque;
)";
  static const Sources all{{"one.c", types + R"(
struct opaque { long secret[2]; };
int walk(struct node node, node_t *more, struct bits *bits, struct packed *packed) { return bits->b; }
void fill(struct flexible *flexible, union value *value, enum negative n, enum large b) {}
__thread int per_thread; const char *const names[] = {"a", "b"};
static struct opaque hidden; struct opaque *get(void) { return &hidden; }
)"},
                           {"two.c", types + R"(
struct callbacks *hook(struct callbacks *callbacks, struct opaque *opaque) { return callbacks; }
int format(const char *format, ...) { return 0; }
int cross(struct node *node, struct bits bits, char *into) { return bits.a; }
double numbers[5]; struct callbacks table;
)"}};
  return all;
}

std::string typedata_as_c(const std::filesystem::path& file) {
  const TypedataResult result = build_typedata(file, file);
  EXPECT_EQ(result.coverage.functions, 6U);
  EXPECT_EQ(result.coverage.functions_typed, 6U);
  EXPECT_EQ(result.coverage.objects_typed, 4U);
  std::istringstream text(ReadBack(result).c());
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line + "\n");
  std::sort(lines.begin(), lines.end());
  return std::accumulate(lines.begin(), lines.end(), std::string());
}

const std::string& plain_dwarf_5() {
  static const std::string text = [] {
    const ScratchDirectory scratch;
    return typedata_as_c(compile_units(scratch.path(), "gcc", form_sources(), {"-gdwarf-5"}));
  }();
  return text;
}

}  // namespace splitstrip::testing_support
