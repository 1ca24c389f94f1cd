/* A C program that knows nothing but what is installed: prints a function's prototype, what it takes,
 * and what is wrong with a declaration of it. */
#include <stdio.h>

#include <typedata.h>

int main(int argc, char **argv) {
  typedata *types;
  typedata_error error;
  if (argc != 3 || typedata_open(argv[1], 0, &types, &error) != TYPEDATA_OK) {
    fprintf(stderr, "%s\n", argc == 3 ? error.message : "usage: installed_test LIBRARY FUNCTION");
    return 2;
  }
  const typedata_type function = typedata_find_function(types, argv[2]);
  char text[256];
  typedata_print(types, function, argv[2], text, sizeof text);
  puts(text);
  typedata_item items[4];
  const size_t count = typedata_items(types, function, items, 4);
  for (size_t i = 0; i < count && i < 4; ++i) puts(items[i].name);

  typedata *mine = typedata_new();
  const typedata_type number = typedata_add_base(mine, "int", sizeof(int), 5 /* DW_ATE_signed */);
  const typedata_type declared = typedata_add_function(mine, number, TYPEDATA_PROTOTYPED);
  typedata_add_parameter(mine, declared, "", number);
  if (typedata_compare(types, function, mine, declared, 0, text, sizeof text) == TYPEDATA_HARMFUL) puts(text);
  typedata_close(mine);
  typedata_close(types);
  return 0;
}
