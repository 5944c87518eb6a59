include(${CMAKE_CURRENT_LIST_DIR}/cockpit_plugin_apiTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/cockpit_add_plugin.cmake)
