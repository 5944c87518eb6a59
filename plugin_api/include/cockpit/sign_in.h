/* sign_in.h: "cockpit.sign_in/1", a plugin that can tell whether a person's password for an engine is right.
 */
#ifndef COCKPIT_SIGN_IN_H
#define COCKPIT_SIGN_IN_H

#include "authority.h"

#ifdef __cplusplus
extern "C" {
#endif

#define COCKPIT_SIGN_IN_1 "cockpit.sign_in/1"

/* The plugin's table. */
typedef struct cockpit_sign_in_1 {
  uint64_t struct_size;

  /* [control] Asks the engine once. Completes OK with {"principal": {"id", "name"}}, SIGN_IN_REQUIRED when
   * the engine refuses, or UNAVAILABLE. Never repeated by the plugin itself; the secret is wiped before the
   * completion. */
  cockpit_status (*verify)(const cockpit_plugin* plugin, cockpit_call call,
                           const cockpit_credentials* credentials);
} cockpit_sign_in_1;

#ifdef __cplusplus
}
#endif
#endif
