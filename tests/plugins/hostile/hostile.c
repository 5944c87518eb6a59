/* One bad plugin, built many times: -DHOW_… says what is wrong with this one. Everything else about it is as
 * it should be, so that nothing but that can be the reason why it is refused, or what the host has to bear.
 *
 * It serves one list, "stones", from inside the call; a few of the bad ways need a thread of its own. */
#include <cockpit/cockpit.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef ID
#define ID "hostile"
#endif
#ifndef VERSION
#define VERSION "1.0.0"
#endif
#ifndef DRAFT
#define DRAFT COCKPIT_ABI_DRAFT
#endif

#include "leaving.h"
#include "waiting.h"

#define ROWS "{\"rows\":[{\"id\":\"flint\"}],\"total\":1,\"totalKind\":\"exact\",\"from\":\"" VERSION "\"}"

struct hostile {
  cockpit_plugin plugin;
  const cockpit_host* host;
  const cockpit_watch_host_1* watch;
  const cockpit_log_host_1* log;
  pthread_mutex_t mutex;
  int actions;   /* done */
  int watches;   /* ever begun */
  int cancelled; /* of them */
  int open_count;
  cockpit_call open[64]; /* watches */
  pthread_t thread;
  int has_thread;
  cockpit_call slow;
  int unfinished; /* an action, and the stop itself */
};

static cockpit_text text(const char* words, size_t size) {
  cockpit_text made;
  made.data = words;
  made.size = size;
  return made;
}
#define TEXT(literal) text((literal), sizeof(literal) - 1)

static int says(cockpit_text body, const char* word) {
  const size_t size = strlen(word);
  uint64_t at;
  for (at = 0; at + size <= body.size; ++at)
    if (memcmp(body.data + at, word, size) == 0) return 1;
  return 0;
}

/* Leaves a trace that the code of this library ran: an empty file named by the environment. */
static void leave_trace(const char* variable) {
  const char* path = getenv(variable);
  FILE* file = path == NULL ? NULL : fopen(path, "a");
  if (file != NULL) fclose(file);
}

#if defined(HOW_NEEDS_MISSING_SYMBOL)
int from_nowhere(void);
#endif

#if defined(HOW_LOOKS_AROUND)
static char reached[4096]; /* what stands behind each descriptor that is open */

static void look_around(void) {
  int descriptor;
  for (descriptor = 0; descriptor < 1024; ++descriptor) {
    char link[64];
    char target[256];
    ssize_t size;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    size = readlink(link, target, sizeof target - 1);
    if (size < 0) continue;
    target[size] = '\0';
    snprintf(reached + strlen(reached), sizeof reached - strlen(reached), "%d=%s ", descriptor, target);
  }
}
#endif

__attribute__((constructor)) static void constructed(void) {
  leave_trace("HOSTILE_TRACE");
#if defined(HOW_CRASH_IN_CONSTRUCTOR)
  abort();
#elif defined(HOW_EXIT_IN_CONSTRUCTOR)
  leave(7);
#elif defined(HOW_HANG_IN_CONSTRUCTOR)
  for (;;) pause();
#elif defined(HOW_WAITS_IN_CONSTRUCTOR)
  wait_for_release();
#elif defined(HOW_MEETS_OTHERS)
  meet_others();
#elif defined(HOW_NEEDS_MISSING_SYMBOL)
  (void)from_nowhere();
#elif defined(HOW_LOOKS_AROUND)
  look_around();
#elif defined(HOW_LEAVES_CHILDREN)
  leave_children();
#endif
}

#include "descriptions.h"

#if defined(HOW_FINISHES_FIRST)
/* Called when it is asked to stop and when its action is done: the second of the two says that it stopped. */
static void leave(struct hostile* self) {
  int left;
  pthread_mutex_lock(&self->mutex);
  left = --self->unfinished;
  pthread_mutex_unlock(&self->mutex);
  if (left == 0) self->host->stopped(self->host);
}
#endif

#if defined(HOW_SLOW_ACTION) || defined(HOW_FINISHES_FIRST)
static void* act_slowly(void* argument) {
  struct hostile* self = argument;
  wait_for_release();
  self->host->complete(self->host, self->slow, COCKPIT_OK,
                       TEXT("{\"outcome\":\"ok\",\"message\":\"done by " VERSION "\"}"));
#if defined(HOW_FINISHES_FIRST)
  leave(self);
#endif
  return NULL;
}
#endif

#include "answers.h"

/* What an action does to the world: one byte more in the file that the environment names. */
static void leave_effect(void) {
  const char* path = getenv("HOSTILE_EFFECTS");
  FILE* file = path == NULL ? NULL : fopen(path, "a");
  if (file == NULL) return;
  fputc('x', file);
  fclose(file);
}

/* An action is done at once, and says what stood in the audit log by then. */
static void act(struct hostile* self, cockpit_call call) {
  leave_effect();
#if defined(HOW_SLOW_ACTION) || defined(HOW_FINISHES_FIRST)
  self->slow = call;
  ++self->unfinished;
  self->has_thread = pthread_create(&self->thread, NULL, act_slowly, self) == 0;
#else
  const char* path = getenv("HOSTILE_AUDIT");
  FILE* audit = path == NULL ? NULL : fopen(path, "r");
  char line[4096];
  char result[128];
  int started = 0;
  while (audit != NULL && fgets(line, sizeof line, audit) != NULL)
    if (strstr(line, "\"event\":\"started\"") != NULL) ++started;
  if (audit != NULL) fclose(audit);
#if defined(HOW_LATE)
  wait_for_release();
#endif
  snprintf(result, sizeof result, "{\"outcome\":\"ok\",\"message\":\"started %d, done %d\",\"affected\":1}",
           started, ++self->actions);
  self->host->complete(self->host, call, COCKPIT_OK, text(result, strlen(result)));
#endif
}

static cockpit_status invoke(const cockpit_plugin* plugin, cockpit_call call,
                             const cockpit_request* request) {
  struct hostile* self = plugin->self;
#if defined(HOW_REFUSES_TO_DESCRIBE)
  if (says(request->body, "\"kind\":\"describe\"")) return COCKPIT_UNSUPPORTED;
#endif
  if (says(request->body, "\"kind\":\"describe\""))
    describe(self, call);
  else if (says(request->body, "\"kind\":\"action\""))
    act(self, call);
  else
    answer(self, call);
  return COCKPIT_OK;
}

/* A watch is answered at once with how many were ever begun and cancelled, and stays open until it is
 * cancelled. */
static cockpit_status watch(const cockpit_plugin* plugin, cockpit_call call, const cockpit_request* request) {
  struct hostile* self = plugin->self;
  char body[160];
  (void)request;
  pthread_mutex_lock(&self->mutex);
  ++self->watches;
  if (self->open_count < 64) self->open[self->open_count++] = call;
  snprintf(body, sizeof body, "{\"rows\":[],\"total\":0,\"from\":\"%s\",\n\n\"watches\":%d,\"cancelled\":%d}",
           VERSION, self->watches, self->cancelled);
  pthread_mutex_unlock(&self->mutex);
  self->watch->update(self->host, call, COCKPIT_OK, 1700000000000u, text(body, strlen(body)));
#if defined(HOW_WATCH_FAILS_ONCE)
  self->watch->update(self->host, call, COCKPIT_UNAVAILABLE, 1700000000001u,
                      TEXT("{\"title\":\"Engine down\",\"detail\":\"It did not answer.\"}"));
#endif
  return COCKPIT_OK;
}

#if defined(HOW_NULL_OPEN)
static void close_authority(const cockpit_plugin* plugin, cockpit_authority authority) {
  (void)plugin;
  (void)authority;
}
static const cockpit_authority_1 authority_table = {sizeof(cockpit_authority_1), NULL, close_authority};
#endif
#if defined(HOW_REFUSES_SETTINGS)
/* Takes no configuration that speaks of mud. */
static cockpit_status configure(const cockpit_plugin* plugin, cockpit_call call, cockpit_text json) {
  const struct hostile* self = plugin->self;
  leave_trace("HOSTILE_CONFIGURED");
  if (says(json, "mud"))
    self->host->complete(self->host, call, COCKPIT_INVALID,
                         TEXT("{\"title\":\"Refused\",\"detail\":\"no mud here\"}"));
  else
    self->host->complete(self->host, call, COCKPIT_OK, TEXT("{}"));
  return COCKPIT_OK;
}
static const cockpit_configuration_1 configuration_table = {sizeof(cockpit_configuration_1), configure};
#endif

static const cockpit_view_1 view_table = {sizeof(cockpit_view_1), invoke};
static const cockpit_watch_1 watch_table = {sizeof(cockpit_watch_1), watch};

static const void* get_extension(const cockpit_plugin* plugin, cockpit_text id) {
  (void)plugin;
  if (id.size == sizeof COCKPIT_VIEW_1 - 1 && memcmp(id.data, COCKPIT_VIEW_1, id.size) == 0)
    return &view_table;
  if (id.size == sizeof COCKPIT_WATCH_1 - 1 && memcmp(id.data, COCKPIT_WATCH_1, id.size) == 0)
    return &watch_table;
#if defined(HOW_NULL_OPEN)
  if (id.size == sizeof COCKPIT_AUTHORITY_1 - 1 && memcmp(id.data, COCKPIT_AUTHORITY_1, id.size) == 0)
    return &authority_table;
#endif
#if defined(HOW_REFUSES_SETTINGS)
  if (id.size == sizeof COCKPIT_CONFIGURATION_1 - 1 && memcmp(id.data, COCKPIT_CONFIGURATION_1, id.size) == 0)
    return &configuration_table;
#endif
  return NULL;
}

static void cancel(const cockpit_plugin* plugin, cockpit_call call) {
  struct hostile* self = plugin->self;
  int i;
  int found = 0;
  pthread_mutex_lock(&self->mutex);
  for (i = 0; i < self->open_count; ++i)
    if (self->open[i] == call) {
      self->open[i] = self->open[--self->open_count];
      ++self->cancelled;
      found = 1;
      break;
    }
  pthread_mutex_unlock(&self->mutex);
  if (found) leave_trace("HOSTILE_CANCELLED");
  if (found) self->host->complete(self->host, call, COCKPIT_CANCELLED, TEXT("{\"title\":\"Cancelled\"}"));
}

static void stop(const cockpit_plugin* plugin) {
  struct hostile* self = plugin->self;
  (void)self;
#if defined(HOW_HANG_IN_STOP)
  for (;;) pause();
#elif defined(HOW_FINISHES_FIRST)
  leave(self);
#elif !defined(HOW_NEVER_STOPS)
  int i;
  for (i = 0; i < self->open_count; ++i)
    self->host->complete(self->host, self->open[i], COCKPIT_STOPPING, TEXT("{\"title\":\"Stopping\"}"));
  self->open_count = 0;
  self->host->stopped(self->host);
#endif
}

static void destroy(const cockpit_plugin* plugin) {
  struct hostile* self = plugin->self;
#if defined(HOW_CRASH_IN_DESTROY)
  abort();
#endif
  if (self->has_thread) pthread_join(self->thread, NULL);
  pthread_mutex_destroy(&self->mutex);
  free(self);
}

static cockpit_status create(const cockpit_host* host, const cockpit_plugin** plugin,
                             cockpit_error_buffer* error) {
  struct hostile* self;
#if defined(HOW_CRASH_IN_CREATE)
  abort();
#elif defined(HOW_HANG_IN_CREATE)
  for (;;) pause();
#elif defined(HOW_HANG_IN_CREATE_OF_THE_HOST)
  while (getenv("COCKPIT_HOSTILE_HANGS") != NULL) pause(); /* which is not set for a probe */
#elif defined(HOW_CRASH_IN_CREATE_OF_THE_HOST)
  if (getenv("COCKPIT_HOSTILE_CRASHES") != NULL) abort();
#elif defined(HOW_LOOKS_AROUND)
  memcpy(error->data, reached, strlen(reached));
  error->size = strlen(reached);
  return COCKPIT_UNAVAILABLE;
#elif defined(HOW_REFUSES_TO_BE_CREATED)
  static const char why[] = "the moon is not full";
  memcpy(error->data, why, sizeof why - 1);
  error->size = sizeof why - 1;
  return COCKPIT_UNAVAILABLE;
#endif
  (void)error;
  self = calloc(1, sizeof *self);
  if (self == NULL) return COCKPIT_INTERNAL;
  self->host = host;
  self->watch = host->get_extension(host, TEXT(COCKPIT_WATCH_1));
  self->log = host->get_extension(host, TEXT(COCKPIT_LOG_1));
  pthread_mutex_init(&self->mutex, NULL);
  self->unfinished = 1;
  self->plugin.struct_size = sizeof self->plugin;
  self->plugin.self = self;
  self->plugin.get_extension = get_extension;
#if defined(HOW_NULL_CANCEL)
  (void)cancel;
  self->plugin.cancel = NULL;
#else
  self->plugin.cancel = cancel;
#endif
  self->plugin.stop = stop;
  self->plugin.destroy = destroy;
  *plugin = &self->plugin;
  return COCKPIT_OK;
}

#if defined(HOW_ENTRY_OF_VERSION_9)
#define ENTRY cockpit_plugin_entry_v9
#elif defined(HOW_NO_ENTRY)
#define ENTRY some_function
#else
#define ENTRY cockpit_plugin_entry_v1
#endif

COCKPIT_EXPORT const cockpit_plugin_descriptor* ENTRY(const cockpit_host_info* info,
                                                      cockpit_error_buffer* error) {
  static const cockpit_text required[] = {{"cockpit.telepathy/1", 19}};
  static const cockpit_plugin_descriptor descriptor = {
    sizeof(cockpit_plugin_descriptor),
    COCKPIT_ABI_VERSION,
    DRAFT,
    {ID, sizeof ID - 1},
    {"Hostile", 7},
    {VERSION, sizeof VERSION - 1},
    required,
#if defined(HOW_REQUIRES_TELEPATHY)
    1,
#else
    0,
#endif
    create
  };
  (void)info;
  (void)error;
#if defined(HOW_CRASH_IN_ENTRY)
  abort();
#elif defined(HOW_SILENT_REFUSAL)
  return NULL;
#endif
  return &descriptor;
}
