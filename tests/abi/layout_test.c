/* The same as layout_test.cpp, as C. */
#include "layout.inc"
