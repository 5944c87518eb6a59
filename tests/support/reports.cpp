#include "reports.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace reports {

namespace fs = std::filesystem;

Folder::Folder() : path_((fs::temp_directory_path() / "cockpit-reports-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error{"no folder for reports of sanitizers"};
  for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    const char* given = ::getenv(name);
    const auto options = (given == nullptr ? std::string{} : std::string{given} + ":") +
                         "allow_addr2line=1:log_path=" + path_ + "/report";
    ::setenv(name, options.c_str(), 1);
  }
}

Folder::~Folder() {
  std::error_code failed;  // then it stays where it is temporary
  fs::remove_all(path_, failed);
}

bool Folder::none() const {
  bool none = true;
  for (const auto& report : fs::directory_iterator{path_}) {
    none = false;
    std::cerr << "of a process that the test started:\n" << std::ifstream{report.path()}.rdbuf() << '\n';
  }
  return none;
}

}  // namespace reports
