#include "scratch.hpp"

#include <stdlib.h>

#include <fstream>
#include <stdexcept>
#include <system_error>

namespace support {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() {
  auto name = (fs::temp_directory_path() / "cockpit-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary folder for a test"};
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code failed;  // then it stays where it is temporary
  fs::remove_all(path_, failed);
}

void ScratchFile::replace(const std::string& content) const {
  const auto next = folder_ / "next";
  std::ofstream{next, std::ios::binary} << content;
  fs::rename(next, path());
}

void ScratchFile::remove() const {
  fs::remove(path());
}

}  // namespace support
