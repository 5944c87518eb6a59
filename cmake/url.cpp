// The sources of Boost.URL.
#include <boost/url/src.hpp>
