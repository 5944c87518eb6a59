/* What the bad plugin says of itself, by HOW_…. After ID, struct hostile, text() and TEXT were said; any
 * thread. */
#ifndef HOSTILE_DESCRIPTIONS_H
#define HOSTILE_DESCRIPTIONS_H

/* The id that its description says. */
#if defined(HOW_DESCRIBES_ANOTHER)
#define DESCRIBED_ID "another"
#else
#define DESCRIBED_ID ID
#endif
#if defined(HOW_REQUIRES_HOLOGRAMS)
#define REQUIRES "\"requires\":[\"section.chart\",\"section.hologram\",\"action.dryRun\",\"smell.rose\"],"
#else
#define REQUIRES ""
#endif

#define DESCRIPTION_BEGIN                                                         \
  "{\"schema\":\"cockpit.view/1\"," REQUIRES "\"plugin\":{\"id\":\"" DESCRIBED_ID \
  "\",\"name\":\"Hostile\",\"version\":\"1\"},"                                   \
  "\"navigation\":[{\"id\":\"stones\",\"label\":\"Stones\",\"view\":\"stones\"}],"
#define DESCRIPTION_END                                                                                    \
  "\"views\":{\"stones\":{\"kind\":\"list\",\"title\":\"Stones\",\"lists\":[{\"id\":\"all\",\"title\":"    \
  "\"All\","                                                                                               \
  "\"source\":{\"handler\":\"stones\",\"params\":{\"size\":\"{row.size}\",\"in\":\"bag of {row.bag}\"}},"  \
  "\"columns\":[{\"key\":\"id\",\"label\":\"Id\",\"type\":\"id\",\"sortable\":true}],"                     \
  "\"filters\":[{\"key\":\"colour\",\"type\":\"text\"}],\"sort\":{\"key\":\"id\",\"order\":\"asc\"}}]}},"  \
  "\"actions\":{\"throw\":{\"label\":\"Throw\",\"on\":[\"row\"],\"scope\":\"one\",\"confirm\":{\"level\":" \
  "\"ask\"}},"                                                                                             \
  "\"count\":{\"label\":\"Count\",\"on\":[\"toolbar\"],\"scope\":\"none\"}}}"

#if defined(HOW_LARGE_DESCRIPTION) || defined(HOW_HUGE_DESCRIPTION) || defined(HOW_BRACKETS) || \
    defined(HOW_DEEP_BODY)
/* Completes with `count` times one character, between two texts. */
static void complete_filled(const struct hostile* self, cockpit_call call, const char* before, char what,
                            size_t count, const char* after) {
  const size_t head = strlen(before);
  const size_t tail = strlen(after);
  char* bytes = malloc(head + count + tail + 1);
  memcpy(bytes, before, head);
  memset(bytes + head, what, count);
  memcpy(bytes + head + count, after, tail + 1);
  self->host->complete(self->host, call, COCKPIT_OK, text(bytes, head + count + tail));
  free(bytes);
}
#endif

static void describe(const struct hostile* self, cockpit_call call) {
  (void)self;
  (void)call;
#if defined(HOW_CRASH_IN_DESCRIBE)
  kill(getpid(), SIGKILL);
#elif defined(HOW_HANG_IN_DESCRIBE)
  for (;;) pause();
#elif defined(HOW_GARBAGE_DESCRIPTION)
  self->host->complete(self->host, call, COCKPIT_OK, TEXT("<html>no JSON</html>"));
#elif defined(HOW_BRACKETS)
  complete_filled(self, call, "", '[', 200000, "");
#elif defined(HOW_BROKEN_SCHEMA)
  self->host->complete(self->host, call, COCKPIT_OK,
                       TEXT(DESCRIPTION_BEGIN "\"views\":{\"stones\":{\"kind\":\"carousel\"}}}"));
#elif defined(HOW_DANGLING_VIEW)
  self->host->complete(self->host, call, COCKPIT_OK,
                       TEXT(DESCRIPTION_BEGIN "\"views\":{\"pebbles\":{\"kind\":\"details\",\"title\":\"P\","
                                              "\"source\":{\"handler\":\"p\"},\"sections\":[]}}}"));
#elif defined(HOW_HUGE_DESCRIPTION)
  complete_filled(self, call, DESCRIPTION_BEGIN "\"padding\":\"", 'x', 5000000, "\"," DESCRIPTION_END);
#elif defined(HOW_TWO_LISTS_OF_ONE_ID)
  self->host->complete(
      self->host, call, COCKPIT_OK,
      TEXT(DESCRIPTION_BEGIN "\"views\":{\"stones\":{\"kind\":\"list\",\"title\":\"S\",\"lists\":["
                             "{\"id\":\"all\",\"title\":\"A\",\"source\":{\"handler\":\"a\"},\"columns\":[{"
                             "\"key\":\"id\",\"label\":\"Id\",\"type\":\"id\"}]},"
                             "{\"id\":\"all\",\"title\":\"B\",\"source\":{\"handler\":\"b\"},\"columns\":[{"
                             "\"key\":\"id\",\"label\":\"Id\",\"type\":\"id\"}]}]}}}"));
#elif defined(HOW_LARGE_DESCRIPTION)
  complete_filled(self, call, DESCRIPTION_BEGIN "\"padding\":\"", 'x', 300000, "\"," DESCRIPTION_END);
#else
  self->host->complete(self->host, call, COCKPIT_OK, TEXT(DESCRIPTION_BEGIN DESCRIPTION_END));
#endif
}

#endif
