// What is wrong with a platform file, for the operator who wrote it. All problems of a load are reported
// together.
#pragma once

#include <string>
#include <vector>

namespace connectd::platforms {

struct problem {
    std::string file;     // as given; "built-in x.json" for an embedded one; "config" for overrides
    std::string pointer;  // RFC 6901, "" for the whole document
    std::string sentence; // one clear sentence

    bool operator==(problem const&) const = default;
};

// "FILE at POINTER: sentence", one line.
std::string to_string(problem const& p);

} // namespace connectd::platforms
