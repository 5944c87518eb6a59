# What every target of this project is built with.

option(COCKPIT_WARNINGS_ARE_ERRORS "For those who change this project: another compiler may warn of more" OFF)

# cockpit::flags: warnings and the language settings. Link it PRIVATE, from every target.
add_library(cockpit_flags INTERFACE)
add_library(cockpit::flags ALIAS cockpit_flags)
target_compile_options(cockpit_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow $<$<BOOL:${COCKPIT_WARNINGS_ARE_ERRORS}>:-Werror>
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>)

if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 at -O2 and above takes "text" + std::to_string(i) for an overlapping copy (GCC bug 105651), and the alternatives of a
  # std::variant that was just made for uninitialized ones.
  target_compile_options(cockpit_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict;-Wno-maybe-uninitialized>)
endif()

set(COCKPIT_SANITIZE "" CACHE STRING "Sanitizers for every target: address, undefined or thread, separated by commas")
if(COCKPIT_SANITIZE)
  add_compile_options(-fsanitize=${COCKPIT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${COCKPIT_SANITIZE})
endif()

# cockpit_reports(TARGET): what a program needs so that each of its reports goes into the file that log_path names.
function(cockpit_reports target)
  if(COCKPIT_SANITIZE MATCHES address AND COCKPIT_SANITIZE MATCHES undefined)
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/undefined_reports.cpp)
  endif()
endfunction()

# cockpit::asio: Boost.Asio, Beast and DLL, as system headers. What of the first two is no template is compiled here, once.
add_library(cockpit_asio STATIC ${CMAKE_CURRENT_LIST_DIR}/asio.cpp)
add_library(cockpit::asio ALIAS cockpit_asio)
target_link_libraries(cockpit_asio PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_compile_definitions(cockpit_asio PUBLIC
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_DLL_USE_STD_FS)

# cockpit::url: Boost.URL. Up to version 1.82 its sources can be included; later there is a library of it only.
if(Boost_VERSION VERSION_LESS 1.83)
  add_library(cockpit_url STATIC ${CMAKE_CURRENT_LIST_DIR}/url.cpp)
  target_link_libraries(cockpit_url PUBLIC Boost::headers)
else()
  add_library(cockpit_url INTERFACE)
  target_link_libraries(cockpit_url INTERFACE Boost::url)
endif()
add_library(cockpit::url ALIAS cockpit_url)

# cockpit_read_bytes(FILE VARIABLE): the file as what stands in the braces of a char array; read anew when it changes.
# A string literal is at most 65,536 bytes long for every compiler.
function(cockpit_read_bytes file variable)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  set(${variable} "${bytes}" PARENT_SCOPE)
endfunction()
