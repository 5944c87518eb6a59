#include "loader/table_check.hpp"

#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace host::loader {
namespace {

constexpr std::uint64_t most_required = 64;
constexpr std::uint64_t longest_text = 1024;

struct Member {
  const char* name;
  std::uint64_t end;  // where it ends in its table
  bool null;
};

// Only members within the table's own size are looked at, so `null` of a later one is not known.
std::string checked(std::string_view table, std::uint64_t size, std::initializer_list<Member> members) {
  for (const auto& member : members) {
    if (size < member.end)
      return std::string{table} + " is too small for version 1 of the plugin ABI: " + member.name +
             " is missing";
    if (member.null) return std::string{table} + ": " + member.name + " is null";
  }
  return {};
}

// A member as checked() wants it; one beyond the table's size is not read.
template <class Table, class Value>
Member member(const char* name, const Table& table, Value Table::*of) {
  const auto* begin = reinterpret_cast<const char*>(&table);
  const auto end =
      static_cast<std::uint64_t>(reinterpret_cast<const char*>(&(table.*of)) - begin) + sizeof(Value);
  return {name, end, table.struct_size >= end && table.*of == nullptr};
}

}  // namespace

std::string why_unusable(const cockpit_plugin_descriptor& library) {
  if (auto why = checked("the library's table", library.struct_size,
                         {member("create", library, &cockpit_plugin_descriptor::create)});
      !why.empty())
    return why;
  for (const auto& [name, text] : {std::pair{"id", library.id}, std::pair{"name", library.name},
                                   std::pair{"plugin_version", library.plugin_version}}) {
    if (text.size > longest_text)
      return std::string{"the library's table: "} + name + " is longer than " + std::to_string(longest_text) +
             " bytes";
    if (text.size > 0 && text.data == nullptr)
      return std::string{"the library's table: "} + name + " is null";
  }
  if (library.required_count > most_required)
    return "the library's table: it requires more than " + std::to_string(most_required) + " extensions";
  if (library.required_count > 0 && library.required == nullptr)
    return "the library's table: required is null";
  return {};
}

std::string why_unusable(const cockpit_plugin& plugin) {
  return checked(
      "the plugin's table", plugin.struct_size,
      {member("get_extension", plugin, &cockpit_plugin::get_extension),
       member("cancel", plugin, &cockpit_plugin::cancel), member("stop", plugin, &cockpit_plugin::stop),
       member("destroy", plugin, &cockpit_plugin::destroy)});
}

std::string why_unusable(const cockpit_view_1* table) {
  if (table == nullptr) return "it has no cockpit.view/1: nothing to show";
  return checked(COCKPIT_VIEW_1, table->struct_size, {member("invoke", *table, &cockpit_view_1::invoke)});
}

std::string why_unusable(const cockpit_watch_1* table) {
  if (table == nullptr) return {};
  return checked(COCKPIT_WATCH_1, table->struct_size, {member("watch", *table, &cockpit_watch_1::watch)});
}

std::string why_unusable(const cockpit_authority_1* table) {
  if (table == nullptr) return {};
  return checked(COCKPIT_AUTHORITY_1, table->struct_size,
                 {member("open", *table, &cockpit_authority_1::open),
                  member("close", *table, &cockpit_authority_1::close)});
}

std::string why_unusable(const cockpit_configuration_1* table) {
  if (table == nullptr) return {};
  return checked(COCKPIT_CONFIGURATION_1, table->struct_size,
                 {member("configure", *table, &cockpit_configuration_1::configure)});
}

std::string why_unusable(const cockpit_sign_in_1* table) {
  if (table == nullptr) return {};
  return checked(COCKPIT_SIGN_IN_1, table->struct_size,
                 {member("verify", *table, &cockpit_sign_in_1::verify)});
}

}  // namespace host::loader
