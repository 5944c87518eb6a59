# What building needs from the system. All of it is looked for first, so that one message names everything that is missing, with
# the packages of Debian and Ubuntu that bring it; `./dev setup` installs these.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own description of itself, where CMake no longer brings one
endif()

set(COCKPIT_MISSING "")
set(COCKPIT_PACKAGES "")

# cockpit_need(FOUND WHAT PACKAGE): WHAT is missing unless FOUND holds.
macro(cockpit_need found what package)
  if(NOT ${found})
    string(APPEND COCKPIT_MISSING "\n  ${what}")
    list(APPEND COCKPIT_PACKAGES ${package})
  endif()
endmacro()

# cockpit_package(NAME VERSION WHAT PACKAGE): the same for a package of CMake, which it looks for.
macro(cockpit_package name version what package)
  find_package(${name} ${version} QUIET)
  cockpit_need(${name}_FOUND "${what}" "${package}")
endmacro()

cockpit_package(Threads "" "POSIX threads" libc6-dev)
cockpit_package(OpenSSL "" "OpenSSL" libssl-dev)
cockpit_package(ZLIB "" "zlib" zlib1g-dev)
cockpit_package(Boost 1.81 "Boost 1.81 or newer" "libboost-dev or libboost1.81-dev")
# Up to 1.82 the sources of Boost.URL can be included; later it is a library of its own.
if(Boost_FOUND AND Boost_VERSION VERSION_GREATER_EQUAL 1.83)
  find_package(Boost 1.83 QUIET COMPONENTS url)
  cockpit_need(Boost_FOUND "Boost.URL" libboost-url-dev)
endif()
cockpit_package(nlohmann_json 3.11 "nlohmann/json 3.11 or newer" nlohmann-json3-dev)
cockpit_package(spdlog "" "spdlog" libspdlog-dev)
cockpit_package(CLI11 "" "CLI11" libcli11-dev)
cockpit_package(PkgConfig "" "pkg-config" pkg-config)
if(PkgConfig_FOUND)
  pkg_check_modules(tomlplusplus QUIET IMPORTED_TARGET tomlplusplus)
  cockpit_need(tomlplusplus_FOUND "toml++" libtomlplusplus-dev)
endif()
if(COCKPIT_BUILD_TESTS)
  cockpit_package(Catch2 "" "Catch2, for the tests (or configure with -DCOCKPIT_BUILD_TESTS=OFF)" catch2)
endif()

# Debian's package of valijson depends on half a desktop, so `./dev setup` unpacks its headers into a folder of ours.
find_path(COCKPIT_VALIJSON valijson/validator.hpp HINTS ${PROJECT_SOURCE_DIR}/.setup/valijson/usr/include
  DOC "Where the headers of valijson are")
cockpit_need(COCKPIT_VALIJSON "the headers of valijson" libvalijson-dev)

find_program(COCKPIT_NODE node DOC "The program node, version 20 or newer")
set(COCKPIT_NODE_SERVES FALSE)
if(COCKPIT_NODE)
  execute_process(COMMAND ${COCKPIT_NODE} --version OUTPUT_VARIABLE node_version OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REGEX REPLACE "^v" "" node_version "${node_version}")
  if(node_version VERSION_GREATER_EQUAL 20)
    set(COCKPIT_NODE_SERVES TRUE)
  endif()
  get_filename_component(node_folder ${COCKPIT_NODE} DIRECTORY)
endif()
cockpit_need(COCKPIT_NODE_SERVES "Node.js 20 or newer, which makes the page" "nodejs (before Debian 13 too old: \`./dev setup\` installs another)")
find_program(COCKPIT_NPM npm HINTS ${node_folder} DOC "The program npm")
cockpit_need(COCKPIT_NPM "npm" npm)

if(COCKPIT_MISSING)
  list(JOIN COCKPIT_PACKAGES ", " packages)
  message(FATAL_ERROR "This is missing to build:${COCKPIT_MISSING}\nDebian and Ubuntu have it in: ${packages}.\n"
    "`./dev setup` installs everything, `./dev run` builds and starts the page.")
endif()
