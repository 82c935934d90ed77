#include "tools/sandbox/oauth/client_auth.hpp"

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"

namespace connectd::sandbox::oauth {
namespace {

bool is_raw(basic_form taken) {
    return taken == basic_form::raw || taken == basic_form::either;
}

bool is_encoded(basic_form taken) {
    return taken == basic_form::form_encoded || taken == basic_form::either;
}

admitted by_header(std::string_view header, form const& body, apps const& registered,
                   client_rules const& rules) {
    if (rules.basic == basic_form::refused)
        return {nullptr, client_problem::wrong_kind};
    auto const sent = read_basic(header);
    if (!sent)
        return {nullptr, client_problem::malformed};
    auto client = is_raw(rules.basic) ? registered.find(sent->id) : nullptr;
    if (!client && is_encoded(rules.basic)) {
        if (auto const decoded = percent_decode(sent->id, true))
            client = registered.find(*decoded);
    }
    if (!client)
        return {nullptr, client_problem::unknown};
    bool const same =
        (is_raw(rules.basic) && sent->secret == client->client_secret) ||
        (is_encoded(rules.basic) && percent_decode(sent->secret, true) == client->client_secret);
    if (!client->confidential || !same)
        return {nullptr, client_problem::wrong_secret};
    if (body.has(rules.id_name) && body.get(rules.id_name) != client->client_id)
        return {nullptr, client_problem::two_clients};
    return {std::move(client), client_problem::none};
}

} // namespace

std::optional<form> read_form_body(call const& request) {
    if (!request.has_content_type("application/x-www-form-urlencoded"))
        return form{};
    auto read = form::parse(request.body);
    return read && !read->repeated() ? std::move(read) : std::nullopt;
}

std::optional<basic_credentials> read_basic(std::string_view header) {
    constexpr std::string_view scheme = "Basic ";
    if (header.size() < scheme.size() || !equal_ignoring_case(header.substr(0, scheme.size()), scheme))
        return std::nullopt;
    auto const decoded = crypto::decode_base64(header.substr(scheme.size()));
    if (!decoded)
        return std::nullopt;
    auto const text = crypto::as_text(*decoded);
    auto const colon = text.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    return basic_credentials{std::string{text.substr(0, colon)}, std::string{text.substr(colon + 1)}};
}

admitted admit(call const& request, form const& body, apps const& registered, client_rules const& rules) {
    if (auto const header = request.header("authorization"))
        return by_header(*header, body, registered, rules);
    auto const id = body.get(rules.id_name);
    if (id.empty())
        return {nullptr, client_problem::missing};
    auto client = registered.find(id);
    if (!client)
        return {nullptr, client_problem::unknown};
    if (!client->confidential)
        return rules.public_clients ? admitted{std::move(client), client_problem::none}
                                    : admitted{nullptr, client_problem::wrong_kind};
    if (!rules.body)
        return {nullptr, client_problem::wrong_kind};
    auto const secret = body.get(rules.secret_name);
    if (secret.empty())
        return {nullptr, client_problem::missing};
    if (secret != client->client_secret)
        return {nullptr, client_problem::wrong_secret};
    return {std::move(client), client_problem::none};
}

} // namespace connectd::sandbox::oauth
