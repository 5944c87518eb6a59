/* plugin.h: how a library is entered, how a plugin lives, and how its calls end. The core of the ABI; all
 * else is an extension with a header of its own.
 *
 * Life:  entry -> create -> (calls of the extensions)* -> stop -> stopped -> destroy
 *
 *   A library exports one function, COCKPIT_PLUGIN_ENTRY_V1. Its name carries the major version, so that a
 * host can see from the symbol table, before any code of the library runs, whether it speaks this contract. A
 * loaded library is never unmapped. create may be called again after destroy, in the same process.
 *
 * Calls:  whoever answers OK to a function that takes a `cockpit_call` owes exactly one complete() for it,
 * from any thread, also before that function returned. Any other status owes none, and the call is over.
 * Before its completion a call may report progress. The host owns the deadline: when it passes, the host
 * answers for itself, and a completion that comes later is STALE (for an action it is still written to the
 * audit log and shown).
 *
 * Results leave a plugin only through complete, progress and the update of a watch. The host copies before it
 * returns. Nothing is ever allocated on one side and freed on the other. No exception and no panic may cross
 * the boundary. No function of the host calls into the plugin before it has returned, and none blocks.
 */
#ifndef COCKPIT_PLUGIN_H
#define COCKPIT_PLUGIN_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cockpit_host cockpit_host;
typedef struct cockpit_plugin cockpit_plugin;
typedef struct cockpit_plugin_descriptor cockpit_plugin_descriptor;
typedef struct cockpit_host_info cockpit_host_info;

/* Who enters the library, and what it offers. Valid during entry only. */
struct cockpit_host_info {
  uint64_t struct_size;
  uint32_t version_min; /* the versions of the ABI this host speaks */
  uint32_t version_max;
  uint32_t draft; /* COCKPIT_ABI_DRAFT of the host; a library built from another refuses, with the reason */
  uint32_t reserved;
  cockpit_text host_name;
  cockpit_text host_version;
  /* [control] during entry: the host's table of that extension, or null. See cockpit_host.get_extension. */
  const void* (*get_extension)(const cockpit_host_info* info, cockpit_text id)COCKPIT_NOEXCEPT;
};

/* The plugin that a library holds. Made by the library, valid for ever. */
struct cockpit_plugin_descriptor {
  uint64_t struct_size;
  uint32_t version; /* the version it chose, between version_min and version_max of the host */
  uint32_t draft;   /* COCKPIT_ABI_DRAFT it was built with */
  cockpit_text id;  /* [a-z0-9-], 1 to 64 bytes: two plugins of one id do not serve side by side */
  cockpit_text name;
  cockpit_text plugin_version;
  const cockpit_text* required; /* ids of host extensions without which it cannot work */
  uint64_t required_count;
  /* [control] Makes one plugin. OK: `*plugin` is set and lives until its destroy returned; `host` lives as
   * long. Otherwise `error` holds the cause. Must return within 2 s: no network, no waiting. */
  cockpit_status (*create)(const cockpit_host* host, const cockpit_plugin** plugin,
                           cockpit_error_buffer* error);
};

/* The one exported function. [control] Returns the plugin that the library holds, or null with the cause in
 * `error` (no common version, another draft, a missing extension). Must not start threads nor keep `info`. */
#define COCKPIT_PLUGIN_ENTRY_V1 cockpit_plugin_entry_v1
#define COCKPIT_PLUGIN_ENTRY_V1_NAME "cockpit_plugin_entry_v1"
typedef const cockpit_plugin_descriptor* (*cockpit_plugin_entry)(const cockpit_host_info* info,
                                                                 cockpit_error_buffer* error);

/* The host as one plugin sees it. */
struct cockpit_host {
  uint64_t struct_size;
  void* self; /* the host's own */
  const cockpit_limits* limits;

  /* [control] during create only: the host's table for an extension id such as "cockpit.log/1", or null. The
   * table lives until destroy returned. Ids that begin with "cockpit.draft." are experiments and null unless
   * the operator allowed them. Asked at another time: null, and the plugin is reported. */
  const void* (*get_extension)(const cockpit_host* host, cockpit_text id)COCKPIT_NOEXCEPT;

  /* [any] Ends a call: its one completion. `body` is the result as JSON, or with a status other than OK a
   * problem. STALE: the call was over (its deadline passed, or it had been completed). TOO_LARGE: the call
   * ended with that. */
  cockpit_status (*complete)(const cockpit_host* host, cockpit_call call, cockpit_status status,
                             cockpit_text body) COCKPIT_NOEXCEPT;

  /* [any] Reports how far an open call is: {"done","of","failed","current"}. Only the newest need reach
   * anybody. STALE, TOO_LARGE and BUSY as above; none of them ends the call. */
  cockpit_status (*progress)(const cockpit_host* host, cockpit_call call, cockpit_text body) COCKPIT_NOEXCEPT;

  /* [any] The last host call of a plugin, after stop() and after every open call was completed. */
  void (*stopped)(const cockpit_host* host) COCKPIT_NOEXCEPT;
};

/* A plugin as the host sees it. Made by create, valid until destroy returned. */
struct cockpit_plugin {
  uint64_t struct_size;
  void* self; /* the plugin's own */

  /* [control] directly after create, before anything else: the plugin's table for an extension id, or null.
   */
  const void* (*get_extension)(const cockpit_plugin* plugin, cockpit_text id);

  /* [any] Asks to end a call early. Advice, and harmless for a call that is over; the completion is still
   * owed. Only for calls that were taken (OK). */
  void (*cancel)(const cockpit_plugin* plugin, cockpit_call call);

  /* [control] Begins the end; returns at once. The plugin completes every open call and watch
   * (COCKPIT_STOPPING), then calls stopped(). Afterwards the host calls only cancel and destroy; after
   * stopped() only destroy. */
  void (*stop)(const cockpit_plugin* plugin);

  /* [control] Joins the plugin's threads and frees all it has. */
  void (*destroy)(const cockpit_plugin* plugin);
};

#ifdef __cplusplus
}
#endif
#endif
