/* watch.h: "cockpit.watch/1", answers that stay true.
 *
 * A watch is a call that may be updated any number of times before its one completion. The host opens one
 * watch for all viewers of the same question with the same authority, and none without viewers. How often
 * the plugin asks its engine is the plugin's business alone.
 */
#ifndef COCKPIT_WATCH_H
#define COCKPIT_WATCH_H

#include "view.h"

#ifdef __cplusplus
extern "C" {
#endif

#define COCKPIT_WATCH_1 "cockpit.watch/1"

/* The plugin's table. */
typedef struct cockpit_watch_1 {
  uint64_t struct_size;

  /* [control] Begins a watch of kind rows or details; the request's deadline_ms is 0. OK owes one complete(),
   * which ends the watch: after cancel (CANCELLED), refused (DENIED, INVALID ...), SIGN_IN_REQUIRED, GONE, or
   * STOPPING. */
  cockpit_status (*watch)(const cockpit_plugin* plugin, cockpit_call call, const cockpit_request* request);
} cockpit_watch_1;

/* The host's table. */
typedef struct cockpit_watch_host_1 {
  uint64_t struct_size;

  /* [any] Newest answer of an open watch, as of `as_of_ms` (ms since 1970, UTC). With OK an empty body means:
   * unchanged, but true until as_of_ms. With another status the last answer stays shown, with its age and
   * this problem. For a slow reader the newest update replaces older ones. STALE after a cancel is normal;
   * TOO_LARGE and BUSY drop this update and leave the watch open. */
  cockpit_status (*update)(const cockpit_host* host, cockpit_call call, cockpit_status status,
                           uint64_t as_of_ms, cockpit_text body) COCKPIT_NOEXCEPT;
} cockpit_watch_host_1;

#ifdef __cplusplus
}
#endif
#endif
