/* A second host, in plain C with dlopen, on nothing of this project but the C headers: c_host LIBRARY
 * ENGINE_URL HANDLER [PARAMS]. It loads the plugin, gives it one engine, asks one handler for rows and prints
 * each row's id, type and state. What it leaves out (a thread a plugin, limits, probes) a real host needs;
 * what it has is what the contract asks of any. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include <cockpit/cockpit.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_CALLS 8

struct call {
  int open, done;
  cockpit_status status;
  char* body;
};

struct state {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  struct call calls[MOST_CALLS];
  uint64_t used;
  int stopped;
};

static const cockpit_limits limits = {
    sizeof(cockpit_limits), 262144, 4194304, 1048576, 65536, 8192, 100, MOST_CALLS, 67108864, 32};

static cockpit_text text(const char* words) {
  cockpit_text made;
  made.data = words;
  made.size = strlen(words);
  return made;
}

static int same(cockpit_text one, const char* other) {
  return one.size == strlen(other) && memcmp(one.data, other, one.size) == 0;
}

/* ---- the host's table ---- */

static cockpit_status complete(const cockpit_host* host, cockpit_call call, cockpit_status status,
                               cockpit_text body) {
  struct state* state = (struct state*)host->self;
  cockpit_status said = COCKPIT_STALE;
  pthread_mutex_lock(&state->mutex);
  if (call > 0 && call <= state->used && state->calls[call - 1].open) {
    struct call* one = &state->calls[call - 1];
    one->open = 0;
    one->done = 1;
    one->status = status;
    one->body = (char*)malloc(body.size + 1);
    if (one->body != NULL) {
      if (body.size > 0) memcpy(one->body, body.data, body.size);
      one->body[body.size] = 0;
    }
    said = COCKPIT_OK;
    pthread_cond_broadcast(&state->changed);
  }
  pthread_mutex_unlock(&state->mutex);
  return said;
}

static cockpit_status progress(const cockpit_host* host, cockpit_call call, cockpit_text body) {
  (void)host;
  (void)call;
  (void)body;
  return COCKPIT_OK;
}

static void stopped(const cockpit_host* host) {
  struct state* state = (struct state*)host->self;
  pthread_mutex_lock(&state->mutex);
  state->stopped = 1;
  pthread_cond_broadcast(&state->changed);
  pthread_mutex_unlock(&state->mutex);
}

static void log_line(const cockpit_host* host, uint32_t level, cockpit_text line) {
  (void)host;
  if (level >= COCKPIT_LOG_WARNING) fprintf(stderr, "%.*s\n", (int)line.size, line.data);
}

static const cockpit_log_host_1 log_table = {sizeof(cockpit_log_host_1), log_line};

static const void* host_extension(const cockpit_host* host, cockpit_text id) {
  (void)host;
  return same(id, COCKPIT_LOG_1) ? &log_table : NULL; /* no watches in this host */
}

static const void* extension_of_host(const cockpit_host_info* info, cockpit_text id) {
  (void)info;
  return same(id, COCKPIT_LOG_1) ? &log_table : NULL;
}

/* ---- calls ---- */

static cockpit_call open_call(struct state* state) {
  cockpit_call call = 0;
  pthread_mutex_lock(&state->mutex);
  if (state->used < MOST_CALLS) {
    state->calls[state->used].open = 1;
    call = ++state->used;
  }
  pthread_mutex_unlock(&state->mutex);
  return call;
}

/* The body of a call that was taken, or null with the reason on stderr. Ten seconds are enough for a host
 * without a page. */
static const char* wait_for(struct state* state, cockpit_call call, cockpit_status taken, const char* what) {
  struct call* one = &state->calls[call - 1];
  struct timespec until;
  int late = 0;
  if (taken != COCKPIT_OK) {
    fprintf(stderr, "%s was refused with status %d\n", what, (int)taken);
    return NULL;
  }
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 10;
  pthread_mutex_lock(&state->mutex);
  while (!one->done && late == 0) late = pthread_cond_timedwait(&state->changed, &state->mutex, &until);
  one->open = 0;
  pthread_mutex_unlock(&state->mutex);
  if (late != 0) {
    fprintf(stderr, "%s: no answer in 10 s\n", what);
    return NULL;
  }
  if (one->status != COCKPIT_OK) {
    fprintf(stderr, "%s: status %d, %s\n", what, (int)one->status, one->body);
    return NULL;
  }
  return one->body;
}

/* ---- the little that is needed of JSON: the texts "id", "type" and "state" of each row, in the order they
 * come ---- */

static const char* member(const char* from, const char* end, const char* name, int* size) {
  char wanted[32];
  const char* at;
  snprintf(wanted, sizeof wanted, "\"%s\":\"", name);
  at = strstr(from, wanted);
  if (at == NULL || at >= end) return NULL;
  at += strlen(wanted);
  *size = (int)strcspn(at, "\"");
  return at;
}

static void print_rows(const char* body) {
  const char* at = body;
  int rows = 0;
  /* Every row has its actions; they stand in it once. */
  while ((at = strstr(at, "\"_actions\":{")) != NULL) {
    const char* begin = at;
    const char* end;
    const char *id, *type, *state;
    int id_size = 0, type_size = 0, state_size = 0;
    end = strstr(at + 1, "\"_actions\":{");
    if (end == NULL) end = body + strlen(body);
    id = member(begin, end, "id", &id_size);
    type = member(begin, end, "type", &type_size);
    state = member(begin, end, "state", &state_size);
    if (id != NULL)
      printf("%.*s  %.*s  %.*s\n", id_size, id, type_size, type == NULL ? "" : type, state_size,
             state == NULL ? "" : state),
          ++rows;
    at = end;
  }
  printf("%d rows\n", rows);
}

/* ---- the life of one plugin ---- */

static int ask_rows(struct state* state, const cockpit_plugin* plugin, const char* handler,
                    const char* params) {
  char body[1024];
  cockpit_request request;
  cockpit_call call = open_call(state);
  const cockpit_view_1* view = (const cockpit_view_1*)plugin->get_extension(plugin, text(COCKPIT_VIEW_1));
  const char* answer;
  if (view == NULL) return fprintf(stderr, "no view\n"), 1;
  snprintf(body, sizeof body,
           "{\"schema\":\"cockpit.view/"
           "1\",\"kind\":\"rows\",\"source\":\"%s\",\"params\":%s,\"engines\":[\"one\"],"
           "\"page\":{\"first\":0,\"size\":50}}",
           handler, params);
  memset(&request, 0, sizeof request);
  request.struct_size = sizeof request;
  request.authority = 1;
  request.deadline_ms = 10000;
  request.principal = text("c-host");
  request.body = text(body);
  answer = wait_for(state, call, view->invoke(plugin, call, &request), "rows");
  if (answer == NULL) return 1;
  print_rows(answer);
  return 0;
}

static int give_engine(struct state* state, const cockpit_plugin* plugin, const char* url) {
  char json[1024];
  cockpit_credentials credentials;
  cockpit_call call = open_call(state);
  const cockpit_configuration_1* configuration =
      (const cockpit_configuration_1*)plugin->get_extension(plugin, text(COCKPIT_CONFIGURATION_1));
  const cockpit_authority_1* authority =
      (const cockpit_authority_1*)plugin->get_extension(plugin, text(COCKPIT_AUTHORITY_1));
  if (configuration == NULL || authority == NULL) return fprintf(stderr, "takes no engines\n"), 1;
  snprintf(json, sizeof json,
           "{\"engines\":[{\"id\":\"one\",\"name\":\"One\",\"nodes\":[\"%s\"]}],\"settings\":{}}", url);
  if (wait_for(state, call, configuration->configure(plugin, call, text(json)), "configure") == NULL)
    return 1;
  memset(&credentials, 0, sizeof credentials);
  credentials.struct_size = sizeof credentials;
  credentials.engine = text("one");
  credentials.kind = COCKPIT_CREDENTIALS_NONE;
  return authority->open(plugin, 1, &credentials) == COCKPIT_OK ? 0 : (fprintf(stderr, "no authority\n"), 1);
}

static void end(struct state* state, const cockpit_plugin* plugin) {
  plugin->stop(plugin);
  pthread_mutex_lock(&state->mutex);
  while (!state->stopped) pthread_cond_wait(&state->changed, &state->mutex);
  pthread_mutex_unlock(&state->mutex);
  plugin->destroy(plugin);
}

int main(int argc, char** argv) {
  static struct state state;
  static char error_bytes[512];
  cockpit_error_buffer error = {error_bytes, sizeof error_bytes - 1, 0};
  cockpit_host_info info = {sizeof(cockpit_host_info), 1, 1, COCKPIT_ABI_DRAFT, 0, {"c-host", 6}, {"1", 1},
                            extension_of_host};
  cockpit_host host = {sizeof(cockpit_host), &state, &limits, host_extension, complete, progress, stopped};
  const cockpit_plugin_descriptor* descriptor;
  const cockpit_plugin* plugin = NULL;
  cockpit_plugin_entry entry;
  void* mapped;
  int code;
  if (argc < 4) return fprintf(stderr, "c_host LIBRARY ENGINE_URL HANDLER [PARAMS]\n"), 2;
  pthread_mutex_init(&state.mutex, NULL);
  pthread_cond_init(&state.changed, NULL);
  mapped = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (mapped == NULL) return fprintf(stderr, "%s\n", dlerror()), 1;
  *(void**)&entry = dlsym(mapped, COCKPIT_PLUGIN_ENTRY_V1_NAME);
  if (entry == NULL) return fprintf(stderr, "no plugin\n"), 1;
  descriptor = entry(&info, &error);
  if (descriptor == NULL) return fprintf(stderr, "refused: %s\n", error_bytes), 1;
  if (descriptor->create(&host, &plugin, &error) != COCKPIT_OK)
    return fprintf(stderr, "not created: %s\n", error_bytes), 1;
  printf("%.*s %.*s\n", (int)descriptor->name.size, descriptor->name.data,
         (int)descriptor->plugin_version.size, descriptor->plugin_version.data);
  code = give_engine(&state, plugin, argv[2]);
  if (code == 0) code = ask_rows(&state, plugin, argv[3], argc > 4 ? argv[4] : "{}");
  end(&state, plugin);
  return code;
}
