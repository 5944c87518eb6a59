/* The smallest plugin there can be: one page with one list, in C, on nothing but the C headers. It answers
 * every request from inside the call, so it has no threads and nothing to stop; it offers no watches, so the
 * host asks again now and then. */
#include <cockpit/cockpit.h>
#include <stdlib.h>
#include <string.h>

static const char description[] =
    "{\"schema\":\"cockpit.view/1\",\"requires\":[],"
    "\"plugin\":{\"id\":\"smallest\",\"name\":\"Smallest\",\"version\":\"1.0.0\"},"
    "\"navigation\":[{\"id\":\"stones\",\"label\":\"Stones\",\"icon\":\"stack\",\"order\":90,\"view\":"
    "\"stones\"}],"
    "\"views\":{\"stones\":{\"kind\":\"list\",\"title\":\"Stones\",\"lists\":[{\"id\":\"all\",\"title\":"
    "\"All\","
    "\"source\":{\"handler\":\"stones\"},\"idField\":\"id\","
    "\"columns\":[{\"key\":\"id\",\"label\":\"Id\",\"type\":\"id\"},{\"key\":\"weight\",\"label\":\"Weight\","
    "\"type\":\"number\"}],"
    "\"empty\":{\"title\":\"No stones.\"}}]}}}";

static const char rows[] =
    "{\"rows\":[{\"id\":\"flint\",\"weight\":3},{\"id\":\"slate\",\"weight\":7}],\"total\":2,\"totalKind\":"
    "\"exact\"}";

static const char unknown[] =
    "{\"type\":\"about:blank\",\"title\":\"Not known\",\"detail\":\"This plugin has stones only.\"}";

struct stones {
  cockpit_plugin plugin;
  const cockpit_host* host;
};

static cockpit_text text(const char* words, size_t size) {
  cockpit_text made;
  made.data = words;
  made.size = size;
  return made;
}

/* A plugin would parse the JSON here; two words tell all that this one needs to know. */
static int says(cockpit_text body, const char* word) {
  const size_t size = strlen(word);
  uint64_t at;
  for (at = 0; at + size <= body.size; ++at)
    if (memcmp(body.data + at, word, size) == 0) return 1;
  return 0;
}

static cockpit_status invoke(const cockpit_plugin* plugin, cockpit_call call,
                             const cockpit_request* request) {
  const struct stones* self = (const struct stones*)plugin->self;
  if (says(request->body, "\"kind\":\"describe\""))
    self->host->complete(self->host, call, COCKPIT_OK, text(description, sizeof description - 1));
  else if (says(request->body, "\"filters\""))
    self->host->complete(self->host, call, COCKPIT_UNSUPPORTED, text(unknown, sizeof unknown - 1));
  else if (says(request->body, "\"source\":\"stones\""))
    self->host->complete(self->host, call, COCKPIT_OK, text(rows, sizeof rows - 1));
  else
    self->host->complete(self->host, call, COCKPIT_UNSUPPORTED, text(unknown, sizeof unknown - 1));
  return COCKPIT_OK;
}

static const cockpit_view_1 view = {sizeof(cockpit_view_1), invoke};

static const void* get_extension(const cockpit_plugin* plugin, cockpit_text id) {
  (void)plugin;
  if (id.size == sizeof COCKPIT_VIEW_1 - 1 && memcmp(id.data, COCKPIT_VIEW_1, id.size) == 0) return &view;
  return NULL;
}

/* Every call is over before anybody could cancel it. */
static void cancel(const cockpit_plugin* plugin, cockpit_call call) {
  (void)plugin;
  (void)call;
}

static void stop(const cockpit_plugin* plugin) {
  const struct stones* self = (const struct stones*)plugin->self;
  self->host->stopped(self->host);
}

static void destroy(const cockpit_plugin* plugin) {
  free(plugin->self);
}

static cockpit_status create(const cockpit_host* host, const cockpit_plugin** plugin,
                             cockpit_error_buffer* error) {
  struct stones* self = (struct stones*)calloc(1, sizeof *self);
  (void)error;
  if (self == NULL) return COCKPIT_INTERNAL;
  self->host = host;
  self->plugin.struct_size = sizeof self->plugin;
  self->plugin.self = self;
  self->plugin.get_extension = get_extension;
  self->plugin.cancel = cancel;
  self->plugin.stop = stop;
  self->plugin.destroy = destroy;
  *plugin = &self->plugin;
  return COCKPIT_OK;
}

COCKPIT_EXPORT const cockpit_plugin_descriptor* cockpit_plugin_entry_v1(const cockpit_host_info* info,
                                                                        cockpit_error_buffer* error) {
  static const cockpit_plugin_descriptor descriptor = {sizeof(cockpit_plugin_descriptor),
                                                       COCKPIT_ABI_VERSION,
                                                       COCKPIT_ABI_DRAFT,
                                                       {"smallest", 8},
                                                       {"Smallest", 8},
                                                       {"1.0.0", 5},
                                                       NULL,
                                                       0,
                                                       create};
  (void)error;
  return info->draft == COCKPIT_ABI_DRAFT ? &descriptor : NULL;
}
