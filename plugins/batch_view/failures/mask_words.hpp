// The words that tell a mask what stands beside them. Constant data, any thread.
#pragma once

#include <string_view>

namespace batch_view {

// All take the word in lower case.

// A month's name or its usual abbreviation, English or German.
bool is_month(std::string_view word);
bool is_weekday(std::string_view word);
// Whether a number behind it says what went wrong: "status 503", "SQLState 40001", "errorCode=17".
bool announces_code(std::string_view word);
// Whether a quoted word behind it is the name of a part of the process or the program, not a value:
// "field 'iban'", "bean named 'erpService'".
bool announces_name(std::string_view word);
// Whether what stands behind it is secret or made for one occasion: "token=…", "Bearer …".
bool announces_secret(std::string_view word);
// Whether a number of three digits before it is a status of HTTP: "404 Not Found".
bool begins_reason(std::string_view word);
// Whether letters directly behind a number measure time: "30s", "1.5 h".
bool is_time_unit(std::string_view word);
// Whether letters and a dash or a number behind them are a code of a product, as "ORA-00060" is.
bool begins_product_code(std::string_view letters);
// Whether it ends the name of a file: "xml".
bool is_file_ending(std::string_view word);

}  // namespace batch_view
