// g++ has UndefinedBehaviorSanitizer write to stderr whatever its log_path says, and some processes have none
// that anybody reads. Its reports go where AddressSanitizer's go. Only for builds with both.
#include <string>

extern "C" {

void __ubsan_get_current_report_data(const char** kind, const char** message, const char** file,
                                     unsigned* line, unsigned* column, char** address);
void __sanitizer_report_error_summary(const char* summary);
void __sanitizer_print_stack_trace();

__attribute__((visibility("default"))) void __ubsan_on_report() {
  const char* kind = "";
  const char* message = "";
  const char* file = "";
  unsigned line = 0;
  unsigned column = 0;
  char* address = nullptr;
  __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
  const auto said = "undefined behaviour: " + std::string{message} + " (" + kind + "), " + file + ":" +
                    std::to_string(line);
  __sanitizer_report_error_summary(said.c_str());
  __sanitizer_print_stack_trace();
}
}
