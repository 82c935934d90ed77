#include "platforms/candidates.hpp"

#include "platforms/error_table.hpp"
#include "platforms/http/target.hpp"
#include "platforms/json_answer.hpp"
#include "platforms/percent.hpp"

#include <algorithm>
#include <utility>

namespace connectd::platforms {
namespace {

namespace json = boost::json;

json::value const* find(json::value const& root, std::string const& pointer) {
    json::error_code error;
    return root.find_pointer(pointer, error);
}

bool has_right(candidate_rules const& rules, json::value const& entry) {
    if (rules.required_pointer.empty()) {
        return true;
    }
    auto const* found = find(entry, rules.required_pointer);
    auto const* rights = found == nullptr ? nullptr : found->if_array();
    return rights == nullptr || std::any_of(rights->begin(), rights->end(), [&](json::value const& right) {
               return right.is_string() && right.get_string() == rules.required_value;
           });
}

std::optional<candidate> read_candidate(candidate_rules const& rules, json::value const& entry) {
    auto who = identity_in(entry, {rules.id, rules.username, rules.display_name, rules.avatar_url});
    auto const access_token = find_text(entry, rules.access_token);
    if (!who || !has_right(rules, entry) || (access_token.empty() && !rules.access_token.empty())) {
        return std::nullopt;
    }
    if (who->display_name.empty()) {
        who->display_name = who->id;
    }
    return candidate{std::move(*who), rules.kind, crypto::secret::copy_of(access_token)};
}

bool same_origin(std::string_view one, std::string_view other) {
    auto const a = http::parse_target(one);
    auto const b = http::parse_target(other);
    return a && b && a->tls == b->tls && a->host == b->host && a->port == b->port;
}

} // namespace

outcome<candidate_page> parse_candidates(descriptor const& platform, http::response const& answer) {
    auto const& rules = platform.candidates;
    json_answer const body(answer.body);
    bool const success = answer.status >= 200 && answer.status < 300 && body.root() != nullptr;
    auto const* found = success ? find(*body.root(), rules.list) : nullptr;
    auto const* list = found == nullptr ? nullptr : found->if_array();
    if (list == nullptr) {
        return classify(platform, call_kind::identity, answer, body.root());
    }
    candidate_page page;
    for (auto const& entry : *list) {
        if (auto one = read_candidate(rules, entry)) {
            page.found.push_back(std::move(*one));
        }
    }
    page.next = find_text(*body.root(), rules.next);
    return page;
}

outcome<http::request> next_candidates_request(http::request const& first, std::string_view next,
                                               crypto::secret const& access_token) {
    if (!same_origin(first.url, next)) {
        failure elsewhere;
        elsewhere.code = errc::malformed_answer;
        return elsewhere;
    }
    auto request = first;
    request.url = next;
    std::string in_query;
    append_percent_encoded(in_query, access_token.reveal());
    if (next.find(in_query) != std::string_view::npos || next.find(access_token.reveal()) != next.npos) {
        std::erase_if(request.headers, [](auto const& header) { return header.first == "Authorization"; });
    }
    crypto::wipe(in_query.data(), in_query.size());
    return request;
}

} // namespace connectd::platforms
