// Which plugin is being called right now, in a file of the state folder that outlives the process: so that
// the next start, or whoever waits for this process, can say whose call it was that ended it.
//
// A file is in use while its lock is held, which the system lets go with its process, however that ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace host::loader {

class CallRecord {
 public:
  static constexpr std::size_t most_slots = 192;  // more plugins than that are not recorded

  // One plugin's part. Any one thread at a time; plain memory, so it costs nothing to speak of.
  class Slot {
   public:
    Slot(std::shared_ptr<CallRecord> of, std::size_t index, std::string_view file, std::string_view hash);
    ~Slot();
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    void enter(const char* function);
    void leave();
    void owes(std::size_t answers);

   private:
    std::shared_ptr<CallRecord> record_;
    std::size_t index_;
  };

  // In that folder; null when there can be none.
  static std::shared_ptr<CallRecord> make(const std::filesystem::path& folder);
  ~CallRecord();
  CallRecord(const CallRecord&) = delete;
  CallRecord& operator=(const CallRecord&) = delete;
  static std::unique_ptr<Slot> take(const std::shared_ptr<CallRecord>& record, std::string_view file,
                                    std::string_view hash);
  // The process ends as it should: nobody is to blame for it.
  void forget();

  // A plugin that was being called, or owed answers, when a process ended.
  struct Blamed {
    std::string file, hash;
    std::string words;  // "it was in a call of invoke", "it owed 2 answers"
  };
  // Of all processes that ended without forget(); their files are removed. The ones that were in a call, or,
  // if none was, those that owed something. `records`: whether there were such files at all.
  struct LeftBehind {
    bool records = false;
    std::vector<Blamed> blamed;
  };
  static LeftBehind left_behind(const std::filesystem::path& folder);
  // The same of one process that has ended; its file stays for the next start, or does not.
  static LeftBehind left_by(const std::filesystem::path& folder, pid_t process, bool stays);

 private:
  struct Line;
  CallRecord(std::filesystem::path path, int lock, Line* lines);

  std::filesystem::path path_;
  int lock_;
  Line* lines_;
  std::mutex mutex_;
  std::vector<bool> taken_ = std::vector<bool>(most_slots, false);
};

}  // namespace host::loader
