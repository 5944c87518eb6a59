// Folders and files that only a test needs.
#pragma once

#include <filesystem>
#include <string>

namespace support {

// A folder under the system's temporary one, gone with its owner. Throws std::runtime_error when there can be
// none.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// A file in a folder of its own, that is replaced as a whole.
class ScratchFile {
 public:
  std::string path() const { return (folder_ / "file").string(); }
  void replace(const std::string& content) const;
  void remove() const;

 private:
  ScratchFolder folder_;
};

}  // namespace support
