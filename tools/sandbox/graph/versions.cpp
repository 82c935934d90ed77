#include "tools/sandbox/graph/versions.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace connectd::sandbox::graph {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

struct version {
    int number;
    std::string_view name;
    sys_days ends; // the last day; far away where none is set
};

// developers.facebook.com/docs/graph-api/changelog, September 2026; the oldest first.
constexpr std::array<version, 7> versions{{
    {20, "v20.0", 2026y / 9 / 24},
    {21, "v21.0", 2027y / 1 / 21},
    {22, "v22.0", 2027y / 5 / 20},
    {23, "v23.0", 2027y / 10 / 8},
    {24, "v24.0", 2028y / 2 / 18},
    {25, "v25.0", 2028y / 7 / 29},
    {26, current_version, 9999y / 1 / 1},
}};

// The major number of a segment such as v26.0, and 0 for anything else.
int number_in(std::string_view segment) {
    int major = 0;
    if (!segment.starts_with('v'))
        return 0;
    auto const* const end = segment.data() + segment.size();
    auto const [dot, error] = std::from_chars(segment.data() + 1, end, major);
    bool const good = error == std::errc{} && std::string_view(dot, end).starts_with('.') &&
                      std::string_view(dot + 1, end).size() == 1 && dot[1] >= '0' && dot[1] <= '9';
    return good && major > 0 && major <= versions.back().number ? major : 0;
}

} // namespace

versioned split_version(std::string_view path, sys_ms now) {
    auto const lives = [&](version const& each) { return now < each.ends + std::chrono::days{1}; };
    auto const oldest = std::ranges::find_if(versions, lives);
    auto const end = path.find('/', 1);
    auto const segment = path.substr(1, end == std::string_view::npos ? end : end - 1);
    auto const number = number_in(segment);
    if (number == 0)
        return {oldest->name, path};
    auto const rest = end == std::string_view::npos ? std::string_view{"/"} : path.substr(end);
    auto const asked = std::ranges::find(versions, number, &version::number);
    bool const serves = asked != versions.end() && lives(*asked);
    return {serves ? asked->name : oldest->name, rest};
}

} // namespace connectd::sandbox::graph
