#include "tools/sandbox/linkedin/versions.hpp"

#include "tools/sandbox/linkedin/errors.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace connectd::sandbox::linkedin {
namespace {

using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;

// Sunsets known from the migrations page; other versions end in the middle of the same month a year later.
struct sunset {
    year_month version;
    year_month_day last;
};
constexpr std::array<sunset, 4> known_sunsets{{
    {year{2025} / 11, year{2026} / 11 / 16},
    {year{2026} / 1, year{2027} / 1 / 15},
    {year{2026} / 2, year{2027} / 2 / 15},
    {year{2026} / 3, year{2027} / 3 / 16},
}};
constexpr year_month never_released = year{2025} / 12;

std::optional<year_month> parse(std::string_view version) {
    if (version.size() != 6 || version.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    auto const digits = [&](std::size_t from, std::size_t count) {
        return std::stoi(std::string{version.substr(from, count)});
    };
    year_month const parsed{year{digits(0, 4)}, month{static_cast<unsigned>(digits(4, 2))}};
    return parsed.ok() ? std::optional{parsed} : std::nullopt;
}

year_month_day sunset_of(year_month version) {
    auto const* const known = std::ranges::find(known_sunsets, version, &sunset::version);
    return known != known_sunsets.end() ? known->last : (version + std::chrono::years{1}) / 15;
}

} // namespace

bool version_is_active(std::string_view version, sys_ms now) {
    auto const wanted = parse(version);
    year_month_day const today{std::chrono::floor<std::chrono::days>(now)};
    return wanted && *wanted != never_released && *wanted <= today.year() / today.month() &&
           today < sunset_of(*wanted);
}

std::variant<std::string, reply> read_version(call const& request, sys_ms now) {
    auto const header = request.header("linkedin-version");
    if (!header || header->empty())
        return service_error(
            400, 0, "VERSION_MISSING",
            "A version must be present. Please specify a version by adding the LinkedIn-Version header.");
    // A revision may follow: YYYYMM.RR
    auto const version = header->substr(0, header->find('.'));
    if (!version_is_active(version, now))
        return service_error(426, 0, "NONEXISTENT_VERSION",
                             "Requested version " + std::string{version} + "01 is not active");
    return std::string{version} + "01";
}

} // namespace connectd::sandbox::linkedin
