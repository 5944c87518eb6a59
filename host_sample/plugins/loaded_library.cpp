#include "plugins/loaded_library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>

namespace host::plugins {

std::string why_no_entry(const std::filesystem::path& library) {
  try {
    boost::dll::library_info info{library};
    const auto symbols = info.symbols();
    if (std::find(symbols.begin(), symbols.end(), COCKPIT_PLUGIN_ENTRY_V1_NAME) != symbols.end()) return {};
    const bool other = std::any_of(symbols.begin(), symbols.end(), [](const std::string& symbol) {
      return symbol.rfind("cockpit_plugin_entry_v", 0) == 0;
    });
    return other ? "it was built for another major version of the plugin ABI; this host speaks version 1"
                 : "it is no plugin: it does not export " COCKPIT_PLUGIN_ENTRY_V1_NAME;
  } catch (const std::exception& error) {
    return std::string{"it is no readable library: "} + error.what();
  }
}

Result<cockpit_plugin_entry> load_for_good(const std::filesystem::path& library) {
  // Boost.DLL has no name for "never unmap", which its mode lets through to dlopen.
  const auto mode = boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local |
                    static_cast<boost::dll::load_mode::type>(RTLD_NODELETE);
  try {
    boost::dll::shared_library loaded{library, mode};
    return Result<cockpit_plugin_entry>::of(
        &loaded.get<std::remove_pointer_t<cockpit_plugin_entry>>(COCKPIT_PLUGIN_ENTRY_V1_NAME));
  } catch (const std::exception& error) {
    return Result<cockpit_plugin_entry>::failed(std::string{"it cannot be loaded: "} + error.what());
  }
}

}  // namespace host::plugins
