#include "tools/sandbox/x/posts.hpp"

#include "tools/sandbox/utf8.hpp"

#include <algorithm>

namespace connectd::sandbox::x {
namespace {

constexpr std::size_t most_posts = 1000;
constexpr std::size_t weight_of_link = 23;

// Milliseconds since X's epoch, shifted as its ids are (November 2010 on).
constexpr std::int64_t first_millisecond = 1'288'834'974'657;

std::size_t weight_of(char32_t point) {
    bool const light = point <= 4351 || (point >= 8192 && point <= 8205) ||
                       (point >= 8208 && point <= 8223) || (point >= 8242 && point <= 8247);
    return light ? 1 : 2;
}

} // namespace

std::optional<post> posts::create(person_ref author, std::string_view text, sys_ms now) {
    std::lock_guard const lock{mutex_};
    auto const same = [&](post const& other) { return other.author == author && other.text == text; };
    if (!text.empty() && std::ranges::any_of(newest_, same))
        return std::nullopt;
    auto const milliseconds = now.time_since_epoch().count() - first_millisecond;
    auto const id = static_cast<std::uint64_t>(milliseconds) << 22 | (++counter_ & 0x3FFFFF);
    newest_.push_front({std::to_string(id), author, std::string{text}, now});
    if (newest_.size() > most_posts)
        newest_.pop_back();
    return newest_.front();
}

std::vector<post> posts::list(std::size_t limit) const {
    std::lock_guard const lock{mutex_};
    auto const count = static_cast<std::ptrdiff_t>(std::min(limit, newest_.size()));
    return {newest_.begin(), newest_.begin() + count};
}

void posts::clear() {
    std::lock_guard const lock{mutex_};
    newest_.clear();
}

std::size_t weighted_length(std::string_view text) {
    std::size_t length = 0;
    while (!text.empty()) {
        if (text.starts_with("https://") || text.starts_with("http://")) {
            length += weight_of_link;
            text.remove_prefix(std::min(text.find_first_of(" \t\n"), text.size()));
            continue;
        }
        auto const point = first_code_point(text);
        length += weight_of(point.value);
        text.remove_prefix(point.bytes);
    }
    return length;
}

} // namespace connectd::sandbox::x
