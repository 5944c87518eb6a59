/* log.h: "cockpit.log/1", lines for the operator's log. */
#ifndef COCKPIT_LOG_H
#define COCKPIT_LOG_H

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define COCKPIT_LOG_1 "cockpit.log/1"

#define COCKPIT_LOG_DEBUG 0u
#define COCKPIT_LOG_INFO 1u
#define COCKPIT_LOG_WARNING 2u
#define COCKPIT_LOG_ERROR 3u

/* The host's table. */
typedef struct cockpit_log_host_1 {
  uint64_t struct_size;

  /* [any] One line of text; control characters are replaced, the rest is kept. Over the limits of
   * cockpit_limits it is cut or only counted. No secrets, no personal data. */
  void (*log)(const cockpit_host* host, uint32_t level, cockpit_text line) COCKPIT_NOEXCEPT;
} cockpit_log_host_1;

#ifdef __cplusplus
}
#endif
#endif
