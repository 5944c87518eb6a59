// The entry of a plugin that is written with the SDK, for a class of a test.
#pragma once

#include <cockpit/sdk.hpp>

// What COCKPIT_PLUGIN makes, without its exported name.
template <class Type>
const cockpit_plugin_descriptor* sdk_entry(const cockpit_host_info* info, cockpit_error_buffer* error) {
  static const cockpit_plugin_descriptor descriptor{sizeof(cockpit_plugin_descriptor),
                                                    COCKPIT_ABI_VERSION,
                                                    COCKPIT_ABI_DRAFT,
                                                    {"sdk", 3},
                                                    {"Sdk", 3},
                                                    {"1", 1},
                                                    nullptr,
                                                    0,
                                                    &cockpit::detail::PluginAdapter<Type>::create};
  return cockpit::detail::entered(info, error, &descriptor);
}
