#include "platforms/candidate_list.hpp"

#include "platforms/call.hpp"

#include <utility>

namespace connectd::platforms {

bool candidate_list::full() const noexcept {
    return pages_ >= most_candidate_pages || found_.size() >= most_candidates;
}

void candidate_list::add(std::vector<candidate> page) {
    for (auto& one : page) {
        if (found_.size() < most_candidates && ids_.insert(one.who.id).second) {
            found_.push_back(std::move(one));
        }
    }
}

task<std::optional<failure>> candidate_list::read(http::request first) {
    auto request = first;
    while (!full()) {
        auto answer = co_await ask(client_, call_kind::identity, std::move(request), until_);
        if (!answer) {
            co_return answer.error();
        }
        ++pages_;
        auto page = parse_candidates(platform_, *answer);
        wipe_body(*answer);
        if (!page) {
            co_return page.error();
        }
        add(std::move(page->found));
        if (page->next.empty()) {
            break;
        }
        auto following = next_candidates_request(first, page->next, access_token_);
        if (!following) {
            co_return following.error();
        }
        request = std::move(*following);
    }
    co_return std::nullopt;
}

} // namespace connectd::platforms
