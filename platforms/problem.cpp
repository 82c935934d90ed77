#include "platforms/problem.hpp"

namespace connectd::platforms {

std::string to_string(problem const& p) {
    std::string line = p.file;
    if (!p.pointer.empty()) {
        line += " at " + p.pointer;
    }
    return line + ": " + p.sentence;
}

} // namespace connectd::platforms
