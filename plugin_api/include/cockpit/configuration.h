/* configuration.h: "cockpit.configuration/1", the engines and the plugin's own settings. */
#ifndef COCKPIT_CONFIGURATION_H
#define COCKPIT_CONFIGURATION_H

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define COCKPIT_CONFIGURATION_1 "cockpit.configuration/1"

/* The plugin's table. */
typedef struct cockpit_configuration_1 {
  uint64_t struct_size;

  /* [control] After create, before the first authority or request, and again whenever the operator changed
   * something:
   *   {"engines": [{"id", "name", "nodes": ["http://host:port/engine-rest", ...], "tls": {"ca_file",
   * "certificate_file", "key_file"}}], "settings": {the plugin's own section}} All or nothing: OK completes
   * after all of it was taken, INVALID (with what is wrong, and where) after none of it was. Open calls end
   * under the old one; watches of an engine that is gone complete GONE. */
  cockpit_status (*configure)(const cockpit_plugin* plugin, cockpit_call call, cockpit_text json);
} cockpit_configuration_1;

#ifdef __cplusplus
}
#endif
#endif
