/* What the tests of typesafe_ctypes call: each kind of parameter, result and object once. */
#include <complex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum color { RED, GREEN, BLUE };

struct point {
  int x;
  int y;
};

struct item {
  unsigned kind : 3;
  unsigned count : 13;
  struct point at;
  union {
    int number;
    double real;
  };
  const char *name;
  struct item *next;
};

struct hidden;

int number = 42;
double real = 0.5;
const char *text = "text";
struct point origin = {3, 4};
int numbers[4] = {1, 2, 3, 4};

int add(int a, int b) { return a + b; }
long twice(long value) { return 2 * value; }
uint8_t low_byte(uint64_t value) { return (uint8_t)value; }
char letter(int index) { return (char)('a' + index); }
bool is_even(int value) { return value % 2 == 0; }
enum color next_color(enum color value) { return (enum color)((value + 1) % 3); }
float half(float value) { return value / 2; }
double ratio(double a, double b) { return a / b; }
long double longer(long double value) { return value * 2; }
double complex turned(double complex value) { return value * I; }
int answer(void) { return 42; }
int old_style();
int old_style(a) int a; { return a; }
void nothing(int *count) { ++*count; }

size_t length(const char *string) { return strlen(string); }
size_t wide_length(const wchar_t *string) { return wcslen(string); }
char *copy_of(const char *string) { return strdup(string); }
void *block(size_t size) { return calloc(1, size); }
void release(void *memory) { free(memory); }
const int *first(const int *values) { return values; }
long sum(const int *values, size_t count) {
  long total = 0;
  while (count--) total += *values++;
  return total;
}
int put(int value, int *result) { return *result = value; }
int put_text(const char **result) { *result = text; return 4; }

int distance(struct point from, struct point to) { return abs(from.x - to.x) + abs(from.y - to.y); }
struct point moved(struct point from, int by) { return (struct point){from.x + by, from.y + by}; }
int sum_of(const struct point *point) { return point->x + point->y; }
void fill(struct item *item) { *item = (struct item){.kind = 5, .count = 1000, .at = {1, 2}, .number = 7, .name = "item"}; }
struct item *new_item(void) {
  struct item *item = malloc(sizeof *item);
  fill(item);
  item->next = item;
  return item;
}
struct hidden *open_hidden(void) { return (struct hidden *)&number; }
int read_hidden(struct hidden *hidden) { return *(int *)hidden; }

int each(int (*visit)(int value, void *context), int count, void *context) {
  int total = 0;
  for (int i = 0; i < count; ++i) total += visit(i, context);
  return total;
}

double mean(int count, ...) {
  va_list list;
  va_start(list, count);
  double total = 0;
  for (int i = 0; i < count; ++i) total += va_arg(list, double);
  va_end(list);
  return total / count;
}
