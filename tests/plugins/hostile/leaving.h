/* How a bad plugin ends the process that tries it, and what it leaves behind. While the library is loaded. */
#ifndef HOSTILE_LEAVING_H
#define HOSTILE_LEAVING_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "waiting.h"

#if defined(HOW_EXIT_IN_CONSTRUCTOR) || defined(HOW_LEAVES_CHILDREN)
/* Past the C library, and past every tool that looks at how a process ends while it is being loaded. */
static void leave(int code) {
  syscall(SYS_exit_group, code);
}
#endif

#if defined(HOW_LEAVES_CHILDREN)
/* A child, one in a session of its own, and one without any parent; each leaves its number as a file's name.
 * Then the library crashes, so that no host loads it. */
static void leave_number(void) {
  char variable[512];
  snprintf(variable, sizeof variable, "%s/%ld", getenv("HOSTILE_CHILDREN"), (long)getpid());
  fclose(fopen(variable, "a"));
  for (;;) pause();
}
static void leave_children(void) {
  if (fork() == 0) leave_number();
  if (fork() == 0) {
    setsid();
    leave_number();
  }
  if (fork() == 0) {
    setsid();
    if (fork() == 0) leave_number();
    leave(0);
  }
  wait_for_release();
  abort();
}
#endif

#endif
