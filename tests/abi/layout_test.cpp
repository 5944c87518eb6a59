// The layout of every public struct, append only: a line may be added, never changed. Compiled as C too
// (layout_test.c).
#include "layout.inc"
