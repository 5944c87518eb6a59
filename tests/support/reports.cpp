#include "reports.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

namespace reports {

namespace fs = std::filesystem;

Folder::Folder() {
  for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    const char* given = ::getenv(name);
    const auto options = (given == nullptr ? std::string{} : std::string{given} + ":") +
                         "log_path=" + (folder_ / "report").string();
    ::setenv(name, options.c_str(), 1);
  }
}

bool Folder::none() const {
  bool none = true;
  for (const auto& report : fs::directory_iterator{folder_.path()}) {
    none = false;
    std::cerr << "of a process that the test started:\n" << std::ifstream{report.path()}.rdbuf() << '\n';
  }
  return none;
}

}  // namespace reports
