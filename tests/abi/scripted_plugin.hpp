// A plugin that does what each request tells it, rules broken included: {"do": "answer"}, {"do": "twice"} …
// Raw tables, no SDK.
#pragma once

#include <cockpit/cockpit.h>

#include <string>
#include <vector>

namespace scripted {

// How the next plugin made by entry() behaves; set before it is entered.
struct Manner {
  std::string refuse_entry;   // a reason: entry gives null with it
  std::string refuse_create;  // a reason: create fails with it
  std::uint32_t version = COCKPIT_ABI_VERSION;
  std::uint32_t draft = COCKPIT_ABI_DRAFT;
  std::vector<std::string> required;  // host extensions
  std::string id = "scripted";
  bool without_view = false;
  bool small_descriptor = false;  // struct_size of a library older than version 1
  bool never_stops = false;
  bool slow_to_end = false;  // destroy returns only after let_end()
  std::string null_member;   // "cancel", "view.invoke": that one is null
  std::string small_table;   // "plugin", "view": its struct_size ends before its last member
};
void next(const Manner& manner);

// The plugin that never stops ends after all.
void relent();
// What is slow to end may end.
void let_end();

const cockpit_plugin_descriptor* entry(const cockpit_host_info* info, cockpit_error_buffer* error);

// What the plugin saw. Thread-safe.
struct Seen {
  std::vector<std::string>
      calls;  // "create", "invoke", "cancel", "open 1 default", "close 1", "configure", "stop", "destroy"
  std::vector<std::string> extensions;  // ids for which the host had a table, asked in create
  std::string host;                     // "name version"
  bool one_control_thread = true;       // every [control] function came on the same thread
  bool extension_after_create = false;  // get_extension answered outside entry and create
  std::string secret;                   // of the last authority
};
Seen seen();

}  // namespace scripted
