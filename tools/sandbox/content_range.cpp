#include "tools/sandbox/content_range.hpp"

#include <charconv>

namespace connectd::sandbox {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

} // namespace

std::optional<content_range> read_content_range(std::string_view header) {
    constexpr std::string_view unit = "bytes ";
    auto const slash = header.find('/');
    if (!header.starts_with(unit) || slash == std::string_view::npos)
        return std::nullopt;
    auto const range = header.substr(unit.size(), slash - unit.size());
    auto const total = header.substr(slash + 1);
    content_range read;
    if (total != "*") {
        read.total = number(total);
        if (!read.total)
            return std::nullopt;
    }
    if (range == "*")
        return read;
    auto const dash = range.find('-');
    auto const first = number(range.substr(0, dash));
    auto const last = dash == std::string_view::npos ? std::nullopt : number(range.substr(dash + 1));
    if (!first || !last || *last < *first || (read.total && *last >= *read.total))
        return std::nullopt;
    read.bytes = {*first, *last};
    return read;
}

} // namespace connectd::sandbox
