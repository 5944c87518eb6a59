/* view.h: "cockpit.view/1", a plugin that has a page.
 *
 * Navigation, lists, details and actions are described once as data (plugin_api/schema/cockpit.view.1.json);
 * rows, details and results are JSON too (plugin_api/schema/exchange.md). So this header is small and stays
 * so.
 *
 * Unknown members are ignored in answers and descriptions only. In a request a filter, a parameter, `dryRun`,
 * `expect` or `plan` that the plugin does not know is refused with UNSUPPORTED and nothing is done: otherwise
 * a newer host's dry run would delete things on an older plugin.
 */
#ifndef COCKPIT_VIEW_H
#define COCKPIT_VIEW_H

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define COCKPIT_VIEW_1 "cockpit.view/1"

/* One request. Borrowed for the call. Holds no secret. */
typedef struct cockpit_request {
  uint64_t struct_size;
  cockpit_authority authority; /* whose rights; 0 for kind "describe" */
  uint64_t deadline_ms;   /* time left, in ms; the host ends the call when it is over; 0: none (watches) */
  cockpit_text principal; /* who, for the audit: a name, never a credential */
  cockpit_text body;      /* {"schema","kind","source","params","filters","sort","page","engines",...} */
} cockpit_request;

/* The plugin's table. */
typedef struct cockpit_view_1 {
  uint64_t struct_size;

  /* [control] Takes a request of kind describe, rows, details, options or action. Must return within 2 s:
   * work and waiting belong to the plugin's own threads. OK owes one complete(). Answers may be shared
   * between requests of one authority, and never with another. An action whose host went away is finished all
   * the same. */
  cockpit_status (*invoke)(const cockpit_plugin* plugin, cockpit_call call, const cockpit_request* request);
} cockpit_view_1;

#ifdef __cplusplus
}
#endif
#endif
