// Of the same size as takes_pointer.c, so that the loader puts the one where the other was.
int take(int number) {
  return number != 0;
}
