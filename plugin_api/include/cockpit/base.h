/* base.h: the words every other header of the plugin ABI uses.
 *
 * The ABI is a contract between a host and a plugin library that were built by different people, at different
 * times, with different compilers, in C, C++ or Rust. So a struct here holds fixed-width integers, pointers,
 * function pointers and views, and nothing else; it begins with its size; once released it never changes (a
 * changed one gets a new name).
 *
 * DRAFT: until version 1 is released, COCKPIT_ABI_DRAFT changes with every change of the contract, and a host
 * takes only plugins built from the very same draft. At the release it becomes 0 for good.
 *
 * Thread tags. Every function says where it may be called:
 *   [control]  only by the host, on the one thread it keeps for this plugin, never two calls at a time;
 *   [any]      on any thread, at any time within the stated life, also from inside another function of the
 * ABI.
 */
#ifndef COCKPIT_BASE_H
#define COCKPIT_BASE_H

#include <stdint.h>

/* The functions that a host gives throw nothing, which C++ knows by their type. */
#ifdef __cplusplus
#define COCKPIT_NOEXCEPT noexcept
#else
#define COCKPIT_NOEXCEPT
#endif

#define COCKPIT_ABI_VERSION 1u
#define COCKPIT_ABI_DRAFT 1u

#ifdef __cplusplus
#define COCKPIT_EXTERN_C extern "C"
#else
#define COCKPIT_EXTERN_C extern
#endif

#if defined(_WIN32)
#define COCKPIT_EXPORT COCKPIT_EXTERN_C __declspec(dllexport)
#else
#define COCKPIT_EXPORT COCKPIT_EXTERN_C __attribute__((visibility("default")))
#endif

/* True when `table`, which came from the other side, is large enough to hold `member`. Every read of a member
 * that a first release did not have is gated by it; a table larger than known is fine. */
#define COCKPIT_HAS(table, type, member) \
  ((table)->struct_size >=               \
   (uint64_t)((const char*)&(table)->member - (const char*)(table)) + sizeof(((type*)0)->member))

#ifdef __cplusplus
extern "C" {
#endif

/* UTF-8 text or JSON: `size` bytes at `data`, not ended by a NUL; `data` may be null when `size` is 0.
 * Borrowed: valid until the function it was given to returns. Who needs it longer copies it. */
typedef struct cockpit_text {
  const char* data;
  uint64_t size;
} cockpit_text;

/* Where a library writes why it refuses: at most `capacity` bytes of UTF-8 to `data`, and their count to
 * `size`. The caller owns it. */
typedef struct cockpit_error_buffer {
  char* data;
  uint64_t capacity;
  uint64_t size;
} cockpit_error_buffer;

/* One call the host has open with a plugin: an index and a generation, so that a handle of a call that is
 * over is recognized and refused, never followed. 0 is no call. */
typedef uint64_t cockpit_call;

/* Whose rights a call has: a set of credentials, one an engine, opened by cockpit.authority/1. 0 is nobody's.
 */
typedef uint64_t cockpit_authority;

/* What came of something. With every status but OK goes a problem JSON where there is a body:
 * {"type","title","status","detail"} (RFC 9457), `detail` in words for the person at the page. */
typedef int32_t cockpit_status;

#define COCKPIT_OK 0
#define COCKPIT_INVALID 1     /* the request is malformed; the same one fails again */
#define COCKPIT_UNSUPPORTED 2 /* well formed, but not known here: nothing was done */
#define COCKPIT_NOT_FOUND 3   /* the thing named does not exist, or not for this authority */
#define COCKPIT_DENIED 4      /* it exists, and this authority may not do that */
#define COCKPIT_SIGN_IN_REQUIRED \
  5                           /* the credentials are missing or refused: the plugin has stopped using them */
#define COCKPIT_UNAVAILABLE 6 /* the other end is not there or overloaded; later it may work */
#define COCKPIT_TIMEOUT 7     /* the deadline passed */
#define COCKPIT_CANCELLED 8   /* ended because the host asked */
#define COCKPIT_CONFLICT 9    /* the state of the thing does not allow it (now) */
#define COCKPIT_GONE 10       /* it existed and is over */
#define COCKPIT_UNKNOWN_OUTCOME \
  11                         /* a change was sent and its answer lost: read the state before repeating */
#define COCKPIT_TOO_LARGE 12 /* over a limit of cockpit_limits */
#define COCKPIT_BUSY 13      /* too many at once: try later */
#define COCKPIT_STOPPING 14  /* the plugin, or the host, is on its way out */
#define COCKPIT_STALE 15     /* this call is over: what was sent is dropped (advice, may not be known) */
#define COCKPIT_INTERNAL 16  /* a defect on the side that says so */

/* The limits of this host, given at create. What is larger is refused or cut as each function says. */
typedef struct cockpit_limits {
  uint64_t struct_size;
  uint64_t request_bytes;  /* body of a request to the plugin */
  uint64_t body_bytes;     /* body of a completion; larger ends the call TOO_LARGE */
  uint64_t update_bytes;   /* body of an update; larger is refused TOO_LARGE and the watch goes on */
  uint64_t progress_bytes; /* body of a progress; larger is refused TOO_LARGE */
  uint64_t log_bytes;      /* one log line; longer is cut */
  uint64_t log_per_second; /* log lines; more are counted, not kept */
  uint64_t open_calls;     /* calls and watches open at once in this plugin; the host opens no more */
  uint64_t
      open_bytes; /* bodies of this plugin the host has not passed on yet; then updates are refused BUSY */
  uint64_t depth; /* nesting of any JSON */
} cockpit_limits;

#ifdef __cplusplus
}
#endif
#endif
