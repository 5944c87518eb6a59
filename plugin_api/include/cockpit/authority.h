/* authority.h: "cockpit.authority/1", whose rights a plugin acts with.
 *
 * An authority is a set of credentials, at most one an engine. The host brackets its life with open and
 * close; requests name it by number and hold no secret. Answers may be shared between requests of the same
 * authority, never across. After an engine refused its credentials the plugin ends every watch of that
 * authority on that engine with SIGN_IN_REQUIRED and asks no more: a stale password that goes on polling
 * locks the account.
 */
#ifndef COCKPIT_AUTHORITY_H
#define COCKPIT_AUTHORITY_H

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define COCKPIT_AUTHORITY_1 "cockpit.authority/1"

#define COCKPIT_CREDENTIALS_NONE 0u   /* the engine asks for none */
#define COCKPIT_CREDENTIALS_BASIC 1u  /* user and secret (RFC 7617) */
#define COCKPIT_CREDENTIALS_BEARER 2u /* secret is the token (RFC 6750) */

/* Borrowed for the call; the plugin wipes its copy of `secret` on close. */
typedef struct cockpit_credentials {
  uint64_t struct_size;
  cockpit_text engine; /* id of an engine of the configuration */
  uint32_t kind;       /* COCKPIT_CREDENTIALS_... */
  uint32_t reserved;
  cockpit_text user;
  cockpit_text secret;
} cockpit_credentials;

/* The plugin's table. */
typedef struct cockpit_authority_1 {
  uint64_t struct_size;

  /* [control] Adds one engine's credentials to `authority`, or replaces them. NOT_FOUND: no such engine. Asks
   * nobody. Those that are there already change nothing, and a host may open them again at any time; replaced
   * ones end watches with STOPPING, and are used no longer than by calls that are on their way. */
  cockpit_status (*open)(const cockpit_plugin* plugin, cockpit_authority authority,
                         const cockpit_credentials* credentials);

  /* [control] Ends its polls and calls (each completes CANCELLED), wipes its caches and secrets. Its number
   * never returns. */
  void (*close)(const cockpit_plugin* plugin, cockpit_authority authority);
} cockpit_authority_1;

#ifdef __cplusplus
}
#endif
#endif
