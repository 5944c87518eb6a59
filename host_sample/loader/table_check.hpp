// Whether the tables that a library gives can be used: every member of each is there. Pure functions.
#pragma once

#include <cockpit/cockpit.h>

#include <string>

namespace host::loader {

// What is wrong, by the member's name ("cockpit.authority/1: open is null"); empty: nothing. A null table of
// an extension is one that is not offered, and nothing is wrong with it.
std::string why_unusable(const cockpit_plugin_descriptor& library);
std::string why_unusable(const cockpit_plugin& plugin);
std::string why_unusable(const cockpit_view_1* table);
std::string why_unusable(const cockpit_watch_1* table);
std::string why_unusable(const cockpit_authority_1* table);
std::string why_unusable(const cockpit_configuration_1* table);
std::string why_unusable(const cockpit_sign_in_1* table);

}  // namespace host::loader
