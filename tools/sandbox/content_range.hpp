// The Content-Range header of an upload (RFC 9110 section 14.4). Pure function, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace connectd::sandbox {

struct content_range {
    struct span {
        std::uint64_t first, last;
        std::uint64_t size() const noexcept { return last - first + 1; }
    };
    std::optional<span> bytes;          // absent: `*`, which asks how far an upload is
    std::optional<std::uint64_t> total; // absent: `*`
};

// `bytes 0-99/200`, `bytes 0-99/*` or `bytes */200`. Nothing when it is malformed, ends before it begins or
// goes beyond the total.
std::optional<content_range> read_content_range(std::string_view header);

} // namespace connectd::sandbox
