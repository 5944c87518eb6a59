#include "loader/loaded_library.hpp"

#include <dlfcn.h>
#include <elf.h>

#include <algorithm>
#include <array>
#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <fstream>

namespace host::loader {

namespace {

namespace fs = std::filesystem;

#if defined(__x86_64__)
constexpr Elf64_Half this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half this_machine = EM_AARCH64;
#else
#error "say which processor this is"
#endif

std::string processor(unsigned machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_AARCH64:
      return "64-bit ARM";
    case EM_ARM:
      return "32-bit ARM";
    case EM_386:
      return "32-bit x86";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "64-bit PowerPC";
    case EM_S390:
      return "IBM Z";
    default:
      return "machine number " + std::to_string(machine);
  }
}

// What the head of the file shows to be wrong with it, before anything else reads it.
std::string why_no_library(const fs::path& library) {
  std::array<char, sizeof(Elf64_Ehdr)> bytes{};
  std::ifstream in{library, std::ios::binary};
  if (!in) return "it cannot be read";
  in.read(bytes.data(), bytes.size());
  const auto count = static_cast<std::size_t>(in.gcount());
  if (count == 0) return "it is empty";
  if (count >= 2 && bytes[0] == 'M' && bytes[1] == 'Z')
    return "it is a library for Windows; this host runs on Linux";
  if (count < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) return "it is no shared library";
  if (count < bytes.size()) return "the file is cut off: it ends within its own head";
  Elf64_Ehdr head{};
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.e_ident[EI_CLASS] != ELFCLASS64) return "it is a 32-bit library; this host is a 64-bit program";
  if (head.e_ident[EI_DATA] != ELFDATA2LSB || head.e_machine != this_machine)
    return "it was built for another processor (" + processor(head.e_machine) + "); this host runs on " +
           processor(this_machine);
  if (head.e_type != ET_DYN) return "it is no shared library but a program or an object file";
  // Within the head, or made of parts of another size: whatever were read there would be an accident.
  if (head.e_shnum != 0 && (head.e_shoff < sizeof head || head.e_shentsize != sizeof(Elf64_Shdr)))
    return "the file is damaged: its table of contents is not where it says";
  std::error_code error;
  const auto size = fs::file_size(library, error);
  const auto table = std::uint64_t{head.e_shentsize} * head.e_shnum;
  if (error || head.e_shoff > size || table > size - head.e_shoff)
    return "the file is cut off: it is shorter than its own table of contents says";
  return {};
}

// The text between two others; empty: they are not there.
std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto at = text.find(before);
  if (at == std::string::npos) return {};
  const auto end = text.find(after, at + before.size());
  return end == std::string::npos ? std::string{} : text.substr(at + before.size(), end - at - before.size());
}

// The loader's message in words for who dropped the file.
std::string loader_words(const std::string& message, const fs::path& library) {
  constexpr const char* missing = ": cannot open shared object file";
  if (const auto at = message.find(missing); at != std::string::npos) {
    const auto begin = message.find_last_of(" (", at - 1);
    const auto name = message.substr(begin == std::string::npos ? 0 : begin + 1,
                                     at - (begin == std::string::npos ? 0 : begin + 1));
    if (!name.empty() && name != library.string())
      return "it needs the library " + name + ", which is not installed here";
  }
  if (const auto version = between(message, "version `", "' not found"); !version.empty())
    return "it needs " + version + ", which is newer than what this system has";
  if (auto symbol = message.find("undefined symbol: "); symbol != std::string::npos)
    return "it needs the symbol " +
           message.substr(symbol + 18, message.find_first_of(" ,)", symbol + 18) - symbol - 18) +
           ", which none of its libraries has";
  if (message.find("file too short") != std::string::npos || message.find("ELF") != std::string::npos)
    return "the file is damaged or cut off";
  return "the system's loader refuses it";
}

}  // namespace

std::string why_no_entry(const fs::path& library) {
  if (auto why = why_no_library(library); !why.empty()) return why;
  try {
    boost::dll::library_info info{library};
    const auto symbols = info.symbols();
    if (std::find(symbols.begin(), symbols.end(), COCKPIT_PLUGIN_ENTRY_V1_NAME) != symbols.end()) return {};
    const bool other = std::any_of(symbols.begin(), symbols.end(), [](const std::string& symbol) {
      return symbol.rfind("cockpit_plugin_entry_v", 0) == 0;
    });
    return other ? "it was built for another major version of the plugin ABI; this host speaks version 1"
                 : "it is no plugin: it does not export " COCKPIT_PLUGIN_ENTRY_V1_NAME;
  } catch (const std::exception&) {
    // The reader's own words are about streams and offsets.
    return "its list of symbols cannot be read: the file is damaged or cut off";
  }
}

Result<cockpit_plugin_entry> load_for_good(const fs::path& library) {
  // Boost.DLL has no name for "never unmap", which its mode lets through to dlopen.
  const auto mode = boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local |
                    static_cast<boost::dll::load_mode::type>(RTLD_NODELETE);
  try {
    boost::dll::shared_library loaded{library, mode};
    return Result<cockpit_plugin_entry>::of(
        &loaded.get<std::remove_pointer_t<cockpit_plugin_entry>>(COCKPIT_PLUGIN_ENTRY_V1_NAME));
  } catch (const std::exception& error) {
    return Result<cockpit_plugin_entry>::failed("it cannot be loaded: " +
                                                loader_words(error.what(), library));
  }
}

}  // namespace host::loader
