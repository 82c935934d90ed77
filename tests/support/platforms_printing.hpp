// Lets Boost.Test print the errors of platforms/ by their text.
#pragma once

#include "platforms/error.hpp"

#include <ostream>

namespace connectd::platforms {

inline std::ostream& boost_test_print_type(std::ostream& out, errc value) {
    return out << make_error_code(value).message();
}

} // namespace connectd::platforms
