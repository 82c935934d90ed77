#include "tools/sandbox/posts.hpp"

#include <algorithm>

namespace connectd::sandbox {
namespace {

constexpr std::size_t most_posts = 1000;

// Milliseconds since X's epoch, shifted as its ids are (November 2010 on). LinkedIn's look alike.
constexpr std::int64_t first_millisecond = 1'288'834'974'657;

} // namespace

std::uint64_t posts::number(sys_ms now) {
    std::lock_guard const lock{mutex_};
    auto const milliseconds = now.time_since_epoch().count() - first_millisecond;
    return static_cast<std::uint64_t>(milliseconds) << 22 | (++counter_ & 0x3FFFFF);
}

void posts::add(post written) {
    std::lock_guard const lock{mutex_};
    push(std::move(written));
}

std::optional<post> posts::add_if_new(post written) {
    std::lock_guard const lock{mutex_};
    auto const same = [&](post const& other) {
        return other.author == written.author && other.place == written.place && other.text == written.text;
    };
    auto const earlier = written.text.empty() ? newest_.end() : std::ranges::find_if(newest_, same);
    if (earlier != newest_.end())
        return *earlier;
    push(std::move(written));
    return std::nullopt;
}

void posts::push(post written) {
    newest_.push_front(std::move(written));
    if (newest_.size() > most_posts)
        newest_.pop_back();
}

std::optional<post> posts::find(std::string_view id) const {
    std::lock_guard const lock{mutex_};
    auto const found = std::ranges::find(newest_, id, &post::id);
    return found == newest_.end() ? std::nullopt : std::optional{*found};
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

} // namespace connectd::sandbox
