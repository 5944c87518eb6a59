# cockpit_add_plugin(TARGET SOURCE...): a plugin library that shows one symbol, the entry, and leaves none undefined.
set(COCKPIT_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)
function(cockpit_add_plugin target)
  add_library(${target} MODULE ${ARGN})
  target_link_libraries(${target} PRIVATE cockpit::plugin_api)
  set_target_properties(${target} PROPERTIES PREFIX "" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON LINK_DEPENDS ${COCKPIT_PLUGIN_MAP})
  if(NOT WIN32)
    target_link_options(${target} PRIVATE LINKER:--version-script=${COCKPIT_PLUGIN_MAP})
    if(NOT COCKPIT_SANITIZE)
      target_link_options(${target} PRIVATE LINKER:-z,defs)
    endif()
  endif()
endfunction()
