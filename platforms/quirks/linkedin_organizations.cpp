#include "platforms/quirks/linkedin_organizations.hpp"

#include "platforms/call.hpp"
#include "platforms/json_answer.hpp"
#include "platforms/oauth2.hpp"
#include "platforms/platform_text.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace connectd::platforms::linkedin_organizations {
namespace {

constexpr std::string_view urn_prefix = "urn:li:organization:";
constexpr std::size_t most_per_call = 50;

// The number in an organisation's URN; empty for anything else.
std::string_view number_of(std::string_view urn) {
    if (!urn.starts_with(urn_prefix)) {
        return {};
    }
    urn.remove_prefix(urn_prefix.size());
    bool const digits = std::all_of(urn.begin(), urn.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits ? urn : std::string_view{};
}

// The numbers of the organisations, as Rest.li lists them; empty when there is none.
std::string number_list(std::span<candidate const> some) {
    std::string numbers;
    for (auto const& one : some) {
        if (auto const number = number_of(one.who.id); !number.empty()) {
            numbers.append(numbers.empty() ? "" : ",").append(number);
        }
    }
    return numbers;
}

// Rest.li 2.0 wants the parentheses and commas of a list bare, where a query parameter would have them
// encoded.
http::request names_request(descriptor const& platform, token_set const& tokens, std::string const& numbers) {
    auto request = api_request(platform, "/organizations", {}, tokens.access_token, tokens.api_base);
    request.url += "?ids=List(" + numbers + ")";
    auto const& headers = platform.candidates.headers;
    request.headers.insert(request.headers.end(), headers.begin(), headers.end());
    return request;
}

void take_names(json_answer const& body, std::span<candidate> some) {
    if (body.root() == nullptr) {
        return;
    }
    for (auto& one : some) {
        auto const place = "/results/" + std::string(number_of(one.who.id));
        auto name = platform_text(find_text(*body.root(), {place + "/localizedName"}), longest_platform_name);
        if (!name.empty()) {
            one.who.display_name = std::move(name);
        }
        one.who.username =
            platform_text(find_text(*body.root(), {place + "/vanityName"}), longest_platform_name);
    }
}

} // namespace

task<void> add_names(http::client& client, descriptor const& platform, token_set const& tokens,
                     std::vector<candidate>& list, deadline until) {
    for (std::size_t begin = 0; begin < list.size(); begin += most_per_call) {
        auto const some = std::span(list).subspan(begin, std::min(most_per_call, list.size() - begin));
        auto const numbers = number_list(some);
        if (numbers.empty()) {
            continue;
        }
        auto answer =
            co_await ask(client, call_kind::identity, names_request(platform, tokens, numbers), until);
        if (!answer) {
            co_return;
        }
        take_names(json_answer(answer->body), some);
    }
}

} // namespace connectd::platforms::linkedin_organizations
