#include "tools/sandbox/graph/containers.hpp"

#include <algorithm>

namespace connectd::sandbox::graph {
namespace {

constexpr std::size_t most_containers = 1000;
constexpr std::chrono::hours lifetime{24};
constexpr std::uint64_t first_container = 18'000'000'000'000'000;
constexpr std::uint64_t first_media = 17'900'000'000'000'000;

} // namespace

std::string containers::add(container made) {
    std::lock_guard const lock{mutex_};
    made.id = std::to_string(first_container + ++made_);
    newest_.push_front(std::move(made));
    if (newest_.size() > most_containers)
        newest_.pop_back();
    return newest_.front().id;
}

std::optional<container> containers::find(std::string_view id) const {
    std::lock_guard const lock{mutex_};
    auto const found = std::ranges::find(newest_, id, &container::id);
    return found == newest_.end() ? std::nullopt : std::optional{*found};
}

void containers::publish(std::string_view id) {
    std::lock_guard const lock{mutex_};
    auto const found = std::ranges::find(newest_, id, &container::id);
    if (found != newest_.end())
        found->published = true;
}

void containers::clear() {
    std::lock_guard const lock{mutex_};
    newest_.clear();
}

std::string containers::media_id() {
    std::lock_guard const lock{mutex_};
    return std::to_string(first_media + ++published_);
}

std::string_view status_of(container const& shown, sys_ms now) {
    if (shown.published)
        return "PUBLISHED";
    if (now >= shown.created_at + lifetime)
        return "EXPIRED";
    if (now < shown.created_at + shown.processing)
        return "IN_PROGRESS";
    return shown.broken ? "ERROR" : "FINISHED";
}

bool is_broken(std::string_view url) {
    auto const path = url.substr(0, url.find_first_of("?#"));
    return path.substr(path.rfind('/') + 1).starts_with("broken");
}

} // namespace connectd::sandbox::graph
