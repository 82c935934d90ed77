#include "tools/sandbox/mastodon/registration.hpp"

#include "crypto/random.hpp"
#include "tools/sandbox/mastodon/rules.hpp"
#include "tools/sandbox/mastodon/scopes.hpp"
#include "tools/sandbox/mastodon/words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <sstream>

namespace connectd::sandbox::mastodon {
namespace {

constexpr std::string_view out_of_band = "urn:ietf:wg:oauth:2.0:oob";

// Several URIs may stand in one string, a line each; an array is understood since 4.3.
std::vector<std::string> redirect_uris(form const& body, bool old) {
    std::vector<std::string> uris;
    for (auto const& each :
         old ? std::vector{std::string{body.get("redirect_uris")}} : all_of(body, "redirect_uris")) {
        std::istringstream lines{each};
        for (std::string line; std::getline(lines, line);)
            uris.push_back(line);
    }
    std::erase(uris, "");
    return uris;
}

bool is_uri(std::string_view text) {
    auto const colon = text.find(':');
    return text == out_of_band || (colon != std::string_view::npos && colon > 0 && colon + 1 < text.size() &&
                                   text.find('#') == std::string_view::npos);
}

boost::json::array json_texts(std::vector<std::string> const& all) {
    return boost::json::array(all.begin(), all.end());
}

std::vector<std::string> names_of(oauth::scope_set set) {
    std::vector<std::string> names;
    for (auto const& row : scopes().rows_of(set))
        names.emplace_back(row.name);
    return names;
}

std::string first_line(std::vector<std::string> const& uris) {
    std::string joined;
    for (auto const& each : uris)
        joined.append(joined.empty() ? "" : "\n").append(each);
    return joined;
}

} // namespace

reply register_app(call const& request, oauth::apps& into, sandbox::switches const& told) {
    auto const body = read_body(request);
    if (!body)
        return api_error(400, "The request body is malformed.");
    bool const old = told.on(old_server);
    auto const name = std::string{body->get("client_name")};
    if (name.empty())
        return api_error(422, "Validation failed: Application name can't be blank");
    auto const uris = redirect_uris(*body, old);
    if (uris.empty())
        return api_error(422, "Validation failed: Redirect URI can't be blank");
    if (!std::ranges::all_of(uris, is_uri))
        return api_error(422, "Validation failed: Redirect URI must be an absolute URI.");
    auto const asked = scopes().read(body->has("scopes") ? body->get("scopes") : "read", ' ');
    if (asked.unknown || !knows_scopes(told, asked.scopes))
        return api_error(422, "Validation failed: Scopes doesn't match configured on the server.");
    oauth::app made{crypto::random_token(32), crypto::random_token(32), name, true, uris, {},
                    names_of(asked.scopes)};
    if (auto const problem = into.put(made); !problem.empty())
        return api_error(422, "Validation failed: " + problem);
    boost::json::object shown{
        {"id", "70412"},
        {"name", name},
        {"website", body->has("website") ? boost::json::value(body->get("website")) : nullptr},
        {"redirect_uri", first_line(uris)},
        {"client_id", made.client_id},
        {"client_secret", made.client_secret},
        {"vapid_key",
         "BCk-QqERU0q-CfYZjcuB6lnyyOYfJ2AifKqfeGIm7Z-HiTU5T9eTG5GxVA0_OH5mMlI4UkkDTpaZwozy0TzdZ2M="}};
    if (!old) {
        shown["scopes"] = json_texts(made.scopes);
        shown["redirect_uris"] = json_texts(uris);
        shown["client_secret_expires_at"] = 0;
    }
    return json_reply(200, shown);
}

} // namespace connectd::sandbox::mastodon
