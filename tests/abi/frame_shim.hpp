// A wall of bytes between a host and a plugin: every call of the ABI is written into a frame, and made again
// from that frame on the other side. What does not survive it is not in the ABI, and could not cross into a
// worker process.
//
// The shim answers OK where only the other side could know better: return values of host functions are
// advice, and a call that the plugin does not take is completed with the status it gave.
#pragma once

#include <cockpit/cockpit.h>

namespace frame_shim {

// An entry that reaches `inner` through frames only. One at a time: the function pointer of an entry carries
// no state.
cockpit_plugin_entry around(cockpit_plugin_entry inner);

// How many frames have crossed since the last around().
unsigned long long frames();

}  // namespace frame_shim
