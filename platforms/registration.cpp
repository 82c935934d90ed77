#include "platforms/registration.hpp"

#include "platforms/call.hpp"
#include "platforms/error_table.hpp"
#include "platforms/json_answer.hpp"
#include "platforms/percent.hpp"
#include "platforms/platform_text.hpp"

#include <boost/json/value.hpp>

#include <utility>

namespace connectd::platforms {
namespace {

constexpr std::size_t largest_answer = 64 * 1024;
constexpr std::size_t longest_client_id = 512;
constexpr std::size_t longest_secret = 4096;

// To a registration that the server understands and does not want: a redirect URI that is none, a scope that
// it does not know.
constexpr unsigned unprocessable = 422;

http::request registration_request(descriptor const& platform, app_registration const& wanted,
                                   std::vector<std::string> const& scopes) {
    http::request request;
    request.method = "POST";
    request.url = platform.endpoints.registration_url;
    request.max_response_body = largest_answer;
    request.user_given_url = platform.user_given;
    request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}};
    append_form(request.body, "client_name", wanted.name);
    // Its name is in the plural and servers since 4.3 take a list; all of them take one string.
    append_form(request.body, "redirect_uris", wanted.redirect_uri);
    append_form(request.body, "scopes", joined(scopes, platform.scopes.separator));
    if (!wanted.website.empty()) {
        append_form(request.body, "website", wanted.website);
    }
    return request;
}

// The list that servers since 4.3 answer; those before and most forks say nothing.
std::vector<std::string> read_scopes(boost::json::value const& root) {
    std::vector<std::string> scopes;
    auto const* object = root.if_object();
    auto const* member = object == nullptr ? nullptr : object->if_contains("scopes");
    auto const* list = member == nullptr ? nullptr : member->if_array();
    if (list == nullptr) {
        return scopes;
    }
    for (auto const& item : *list) {
        auto const* text = item.if_string();
        if (text == nullptr || scopes.size() == most_platform_scopes) {
            continue;
        }
        auto scope = platform_text({text->data(), text->size()}, longest_platform_scope);
        if (!scope.empty()) {
            scopes.push_back(std::move(scope));
        }
    }
    return scopes;
}

// Whether somebody answers who has no such thing as a registration: any website, whatever it is.
bool is_another_kind_of_server(http::response const& answer, bool is_json) {
    auto const status = answer.status;
    bool const missing = status == 404 || status == 405 || status == 410;
    return missing || (status >= 200 && status < 400 && !is_json);
}

outcome<registered_app> read_registration(descriptor const& platform, std::vector<std::string> const& asked,
                                          http::response const& answer) {
    json_answer const body(answer.body);
    bool const success = answer.status >= 200 && answer.status < 300 && body.root() != nullptr;
    auto const id = success ? find_text(*body.root(), {"/client_id"}) : std::string_view{};
    auto const secret = success ? find_text(*body.root(), {"/client_secret"}) : std::string_view{};
    // Both go back to the server as they are, so what cannot be kept whole is not kept.
    bool const usable = !id.empty() && platform_text(id, longest_client_id) == id && !secret.empty() &&
                        secret.size() <= longest_secret;
    if (!usable) {
        auto failed = classify(platform, call_kind::registration, answer, body.root());
        if (is_another_kind_of_server(answer, body.root() != nullptr)) {
            failed.what = verdict::refused;
            failed.code = errc::invalid_instance;
        }
        return failed;
    }
    registered_app made{std::string(id), crypto::secret::copy_of(secret), read_scopes(*body.root())};
    if (made.scopes.empty()) {
        made.scopes = asked;
    }
    return made;
}

} // namespace

task<outcome<registered_app>> register_app(http::client& client, descriptor const& platform,
                                           app_registration wanted, deadline until) {
    auto request = registration_request(platform, wanted, wanted.scopes);
    auto answer = co_await ask(client, call_kind::registration, std::move(request), until);
    if (!answer) {
        co_return answer.error();
    }
    auto made = read_registration(platform, wanted.scopes, *answer);
    wipe_body(*answer);
    auto const& fallback = platform.scopes.fallback;
    bool const again =
        !made && answer->status == unprocessable && !fallback.empty() && fallback != wanted.scopes;
    if (!again) {
        co_return made;
    }
    // The 422 does not say in a way to rely on what is wrong: the text is for people and translated.
    request = registration_request(platform, wanted, fallback);
    answer = co_await ask(client, call_kind::registration, std::move(request), until);
    if (!answer) {
        co_return answer.error();
    }
    made = read_registration(platform, fallback, *answer);
    wipe_body(*answer);
    co_return made;
}

} // namespace connectd::platforms
