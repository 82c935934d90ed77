#include "platforms/quirks/facebook_pages.hpp"

#include "platforms/call.hpp"
#include "platforms/candidate_list.hpp"
#include "platforms/error_table.hpp"
#include "platforms/json_answer.hpp"
#include "platforms/platform_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace connectd::platforms::facebook_pages {
namespace {

namespace json = boost::json;

constexpr std::string_view business_scope = "business_management";
constexpr std::array<std::string_view, 2> business_edges = {"/owned_pages", "/client_pages"};
constexpr std::size_t most_businesses = 25;

// Trying again can help, so nothing is decided yet.
bool is_passing(failure const& failed) noexcept {
    return failed.what == verdict::temporary || failed.what == verdict::unknown_outcome;
}

bool is_success(http::response const& answer) noexcept {
    return answer.status >= 200 && answer.status < 300;
}

// The entries of the list that every Graph edge answers.
json::array const* entries(json_answer const& body) {
    json::error_code error;
    auto const* found = body.root() == nullptr ? nullptr : body.root()->find_pointer("/data", error);
    return found == nullptr ? nullptr : found->if_array();
}

std::vector<std::string> granted_scopes(http::response const& answer) {
    json_answer const body(answer.body);
    std::vector<std::string> scopes;
    auto const* list = is_success(answer) ? entries(body) : nullptr;
    if (list == nullptr) {
        return scopes;
    }
    for (auto const& entry : *list) {
        auto scope = platform_text(find_text(entry, {"/permission"}), longest_platform_scope);
        bool const granted = find_text(entry, {"/status"}) == "granted";
        if (granted && !scope.empty() && scopes.size() < most_platform_scopes) {
            scopes.push_back(std::move(scope));
        }
    }
    return scopes;
}

bool is_graph_id(std::string_view text) {
    return !text.empty() && text.size() <= 32 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

outcome<std::vector<std::string>> business_ids(descriptor const& platform, http::response const& answer) {
    json_answer const body(answer.body);
    auto const* list = is_success(answer) ? entries(body) : nullptr;
    if (list == nullptr) {
        return classify(platform, call_kind::identity, answer, body.root());
    }
    std::vector<std::string> ids;
    for (auto const& entry : *list) {
        auto const id = find_text(entry, {"/id"});
        if (is_graph_id(id) && ids.size() < most_businesses) {
            ids.emplace_back(id);
        }
    }
    return ids;
}

task<outcome<std::vector<std::string>>> list_businesses(http::client& client, descriptor const& platform,
                                                        token_set const& user, deadline until) {
    auto request = api_request(platform, "/me/businesses", {{"fields", "id"}, {"limit", "100"}},
                               user.access_token, user.api_base);
    auto answer = co_await ask(client, call_kind::identity, std::move(request), until);
    if (!answer) {
        co_return answer.error();
    }
    co_return business_ids(platform, *answer);
}

// Adds the pages that businesses own or look after. A refusal means that there is nothing to see there; what
// passes is returned, since the list may be short of something then.
task<std::optional<failure>> add_business_pages(http::client& client, descriptor const& platform,
                                                token_set const& user, candidate_list& list, deadline until) {
    std::optional<failure> passing;
    auto const remember = [&passing](failure const& failed) {
        if (is_passing(failed) && !passing) {
            passing = failed;
        }
    };
    auto const businesses = co_await list_businesses(client, platform, user, until);
    if (!businesses) {
        remember(businesses.error());
        co_return passing;
    }
    for (auto const& id : *businesses) {
        for (auto const edge : business_edges) {
            auto const path = "/" + id + std::string(edge);
            auto failed = co_await list.read(
                api_request(platform, path, platform.candidates.query, user.access_token, user.api_base));
            if (failed) {
                remember(*failed);
            }
        }
    }
    co_return passing;
}

bool may_see_businesses(token_set const& user) {
    auto const& scopes = user.scopes;
    return scopes.empty() || std::find(scopes.begin(), scopes.end(), business_scope) != scopes.end();
}

// The page's token as it is, when the platform still takes it; `grant` is the user token to keep with it.
task<outcome<token_set>> keep_living(http::client& client, descriptor const& platform,
                                     token_set const& current, crypto::secret grant, deadline until) {
    auto request = identity_request(platform, current);
    auto answer = co_await ask(client, call_kind::identity, std::move(request), until);
    if (!answer) {
        co_return answer.error();
    }
    json_answer const body(answer->body);
    if (!is_success(*answer) || body.root() == nullptr) {
        co_return classify(platform, call_kind::identity, *answer, body.root());
    }
    token_set kept;
    kept.access_token = current.access_token.clone();
    if (!grant.empty()) {
        set_extra(kept, grant_access_extra, std::move(grant));
    }
    co_return kept;
}

// Whether a failed extension says nothing about the token it was asked with: a page token without its grant
// (an import) cannot be extended, and does not need to.
bool cannot_be_extended(failure const& failed, bool is_grant) {
    return failed.what == verdict::refused ||
           (!is_grant && failed.what == verdict::operator_fault && failed.code == errc::request_refused);
}

} // namespace

task<void> read_scopes(http::client& client, descriptor const& platform, token_set& user, deadline until) {
    auto request =
        api_request(platform, "/me/permissions", {{"limit", "200"}}, user.access_token, user.api_base);
    auto answer = co_await ask(client, call_kind::identity, std::move(request), until);
    if (answer) {
        auto scopes = granted_scopes(*answer);
        if (!scopes.empty()) {
            user.scopes = std::move(scopes);
        }
    }
}

task<outcome<std::vector<candidate>>> list_pages(http::client& client, descriptor const& platform,
                                                 token_set const& user, deadline until) {
    candidate_list list(client, platform, user.access_token, until);
    auto failed = co_await list.read(candidates_request(platform, user.access_token, user.api_base));
    if (failed) {
        co_return std::move(*failed);
    }
    if (list.found().empty() && may_see_businesses(user)) {
        failed = co_await add_business_pages(client, platform, user, list, until);
        if (failed && list.found().empty()) {
            co_return std::move(*failed);
        }
    }
    co_return list.take();
}

task<outcome<token_set>> refresh(http::client& client, descriptor const& platform, app_credentials app,
                                 token_set const& current, deadline until) {
    auto const* grant = find_extra(current, grant_access_extra);
    auto const* page = find_extra(current, candidate_id_extra);
    token_set user;
    user.access_token = grant == nullptr ? current.access_token.clone() : grant->clone();
    user.api_base = current.api_base;
    auto extended = co_await ask_for_tokens(client, platform, call_kind::refresh,
                                            refresh_request(platform, app, user), until);
    if (!extended && cannot_be_extended(extended.error(), grant != nullptr)) {
        auto kept = grant == nullptr ? crypto::secret{} : grant->clone();
        co_return co_await keep_living(client, platform, current, std::move(kept), until);
    }
    if (!extended || grant == nullptr || page == nullptr) {
        co_return extended;
    }
    extended->api_base = current.api_base;
    auto pages = co_await list_pages(client, platform, *extended, until);
    if (!pages && is_passing(pages.error())) {
        co_return pages.error();
    }
    if (pages) {
        auto const found = std::find_if(pages->begin(), pages->end(),
                                        [&](candidate const& one) { return one.who.id == page->reveal(); });
        if (found != pages->end()) {
            token_set renewed;
            renewed.access_token = std::move(found->access_token);
            set_extra(renewed, grant_access_extra, std::move(extended->access_token));
            co_return renewed;
        }
    }
    co_return co_await keep_living(client, platform, current, std::move(extended->access_token), until);
}

} // namespace connectd::platforms::facebook_pages
