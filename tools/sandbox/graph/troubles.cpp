#include "tools/sandbox/graph/troubles.hpp"

#include <algorithm>

namespace connectd::sandbox::graph {
namespace {

// A test that scripts in a loop and never clears must not fill the memory.
constexpr std::size_t most_entries = 1000;

} // namespace

std::uint64_t troubles::add(trouble scripted) {
    std::lock_guard const lock{mutex_};
    if (entries_.size() >= most_entries)
        entries_.erase(entries_.begin());
    entries_.push_back({++last_id_, std::move(scripted), 0});
    return last_id_;
}

bool troubles::clear(std::uint64_t id) {
    std::lock_guard const lock{mutex_};
    return std::erase_if(entries_, [&](entry const& each) { return each.id == id; }) != 0;
}

void troubles::clear() {
    std::lock_guard const lock{mutex_};
    entries_.clear();
}

std::vector<troubles::entry> troubles::list() const {
    std::lock_guard const lock{mutex_};
    return entries_;
}

std::optional<graph_error> troubles::strike(std::string_view person,
                                            std::initializer_list<std::string_view> objects,
                                            std::string_view endpoint) {
    std::lock_guard const lock{mutex_};
    auto const found = std::ranges::find_if(entries_, [&](entry const& each) {
        auto const& wanted = each.scripted;
        return (!wanted.times || each.hits < *wanted.times) &&
               (wanted.person.empty() || wanted.person == person) &&
               (wanted.object.empty() || std::ranges::find(objects, wanted.object) != objects.end()) &&
               (wanted.endpoint.empty() || wanted.endpoint == endpoint);
    });
    if (found == entries_.end())
        return std::nullopt;
    ++found->hits;
    return found->scripted.error;
}

} // namespace connectd::sandbox::graph
