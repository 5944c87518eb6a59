// A plugin's description in the form in which a page gets it. Any thread.
#pragma once

#include <string>

namespace host::views {

// What a page needs of a description before anything is opened, or all of it.
enum class Extent { lists, whole };

// Without white space, and without the words that a page in this language has no use for, unless it has no
// others. `lists`: each view of kind "details" is there by its kind alone, the states of a list are without
// their sentences, and only those words are there that the rest names; a page that is given a key it has no
// words for fetches the whole. What is no JSON object is given back as it is.
std::string page_description(const std::string& description, const std::string& language, Extent extent);

}  // namespace host::views
