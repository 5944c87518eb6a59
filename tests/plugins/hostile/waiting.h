/* What a bad plugin waits for: a word of the test, or its like. After ID was said; any thread. */
#ifndef HOSTILE_WAITING_H
#define HOSTILE_WAITING_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static inline void wait_for_file(const char* path) {
  const struct timespec moment = {0, 20000000};
  while (access(path, F_OK) != 0) nanosleep(&moment, NULL);
}

/* Until the test says so: the file appears that the environment names. */
static inline void wait_for_release(void) {
  const char* path = getenv("HOSTILE_RELEASE");
  if (path != NULL) wait_for_file(path);
}

/* Until all four that meet have come to the folder that the environment names: one alone waits for ever. */
static inline void meet_others(void) {
  static const char* const names[] = {"meets-a", "meets-b", "meets-c", "meets-d"};
  const char* folder = getenv("HOSTILE_MEETING");
  char path[512];
  FILE* file;
  size_t i;
  if (folder == NULL) return;
  snprintf(path, sizeof path, "%s/" ID, folder);
  file = fopen(path, "a");
  if (file != NULL) fclose(file);
  for (i = 0; i < sizeof names / sizeof *names; ++i) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    wait_for_file(path);
  }
}

#endif
