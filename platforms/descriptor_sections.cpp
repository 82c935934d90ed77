#include "platforms/descriptor_sections.hpp"

#include "platforms/descriptor_words.hpp"

#include <algorithm>
#include <array>

namespace connectd::platforms {
namespace {

constexpr std::array<word<request_method>, 3> methods = {{
    {"GET", request_method::get},
    {"POST", request_method::post},
    {"DELETE", request_method::del},
}};
constexpr std::array<word<token_kind>, 2> token_kinds = {{
    {"access", token_kind::access},
    {"refresh", token_kind::refresh},
}};

// A platform that got one of these twice would take either; all of them are written by oauth2.cpp.
void refuse_standard(object_reader& section, parameters const& extra,
                     std::vector<std::string_view> const& standard) {
    for (auto const& [name, value] : extra) {
        if (std::find(standard.begin(), standard.end(), name) != standard.end()) {
            section.problems().add(join_pointer(section.path("parameters"), name),
                                   "is a parameter that connectd sends itself");
        }
    }
}

bool is_code_word(std::string_view text) {
    auto const letter = [](char c) { return c >= 'a' && c <= 'z'; };
    auto const inside = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
    return !text.empty() && text.size() <= 64 && letter(text.front()) && text.back() != '.' &&
           text.find("..") == std::string_view::npos && std::all_of(text.begin(), text.end(), inside);
}

} // namespace

void read_authentication(object_reader& section, std::optional<client_authentication>& into) {
    auto value = into.value_or(client_authentication::body);
    section.read_choice<client_authentication>("authentication", value, client_authentication_words);
    if (section.members() != nullptr && section.members()->contains("authentication")) {
        into = value;
    }
}

void read_method(object_reader& section, request_method& into) {
    section.read_choice<request_method>("method", into, methods);
}

void require_get_or_post(object_reader& section, request_method method) {
    if (method == request_method::del) {
        section.problem("method", "must be \"GET\" or \"POST\"");
    }
}

void read_client(object_reader& file, client_rules& into) {
    constexpr std::array<word<basic_encoding>, 2> encodings = {{
        {"raw", basic_encoding::raw},
        {"form", basic_encoding::form},
    }};
    auto section = file.object("client");
    section.read("id_parameter", into.id_parameter);
    section.read("secret_parameter", into.secret_parameter);
    // A code exchange always names its application, so `omitted` is no word here.
    section.read_choice<client_authentication>(
        "authentication", into.authentication,
        std::span(client_authentication_words).first<client_authentication_words.size() - 1>());
    section.read_choice<basic_encoding>("basic_encoding", into.encoding, encodings);
    section.read("secret_required", into.secret_required);
    if (into.id_parameter.empty()) {
        section.problem("id_parameter", "must not be empty");
    }
    if (into.secret_parameter.empty()) {
        section.problem("secret_parameter", "must not be empty");
    }
    section.finish();
}

void read_authorize(object_reader& file, client_rules const& client, scope_rules const& scopes,
                    authorize_rules& into) {
    auto section = file.object("authorize");
    section.read_parameters("parameters", into.extra);
    refuse_standard(section, into.extra,
                    {"response_type", "redirect_uri", "state", "code_challenge", "code_challenge_method",
                     client.id_parameter, scopes.parameter});
    section.read("denied_errors", into.denied_errors);
    section.read("issuer", into.issuer);
    section.read("issuer_required", into.issuer_required);
    section.read("code_lifetime", into.code_lifetime);
    if (into.code_lifetime.count() == 0) {
        section.problem("code_lifetime", "must be at least one second");
    }
    section.finish();
}

void read_scopes(object_reader& file, scope_rules& into) {
    auto section = file.object("scopes");
    section.read("parameter", into.parameter);
    section.read("known", into.known);
    section.read("default", into.defaults);
    section.read("required", into.required);
    section.read("fallback", into.fallback);
    section.read("separator", into.separator);
    section.read("reply_separators", into.reply_separators);
    section.finish();
    if (into.parameter.empty()) {
        section.problem("parameter", "must not be empty");
    }
    if (into.separator.empty()) {
        section.problem("separator", "must not be empty");
    }
    using named_list = std::pair<std::string_view, std::vector<std::string> const&>;
    for (auto const& [name, list] :
         {named_list{"default", into.defaults}, {"required", into.required}, {"fallback", into.fallback}}) {
        for (std::size_t index = 0; index < list.size(); ++index) {
            auto const& scope = list[index];
            auto const where = join_pointer(section.path(name), std::to_string(index));
            if (!into.separator.empty() && scope.find(into.separator) != std::string::npos) {
                section.problems().add(where, "contains the separator: write one scope per entry");
            } else if (!into.known.empty() &&
                       std::find(into.known.begin(), into.known.end(), scope) == into.known.end()) {
                section.problems().add(where, "is not among the known scopes");
            }
        }
    }
}

void read_token(object_reader& file, token_rules& into) {
    auto section = file.object("token");
    section.read_parameters("parameters", into.extra);
    refuse_standard(section, into.extra, {"grant_type", "code", "redirect_uri", "code_verifier"});
    section.read_headers("headers", into.headers);
    auto reply = section.object("reply");
    reply.read_pointers("access_token", into.reply.access_token);
    reply.read_pointers("refresh_token", into.reply.refresh_token);
    reply.read_pointers("token_type", into.reply.token_type);
    reply.read_pointers("expires_in", into.reply.expires_in);
    reply.read_pointers("refresh_expires_in", into.reply.refresh_expires_in);
    reply.read_pointers("scope", into.reply.scope);
    auto extras = reply.object("extras");
    if (extras.members() != nullptr) {
        for (auto const& item : *extras.members()) {
            if (item.key() != "comment") {
                extras.read_pointers(item.key(), into.reply.extras[std::string(item.key())]);
            }
        }
    }
    if (into.reply.access_token.empty()) {
        reply.problem("access_token", "must name at least one pointer");
    }
    reply.finish();
    section.finish();
}

void read_refresh(object_reader& file, refresh_rules& into) {
    auto section = file.object("refresh");
    section.read_choice<refresh_model>("model", into.model, refresh_model_words);
    read_method(section, into.method);
    section.read("grant_type", into.grant_type);
    section.read("token_parameter", into.token_parameter);
    read_authentication(section, into.authentication);
    section.read_parameters("parameters", into.extra);
    refuse_standard(section, into.extra, {"grant_type", into.token_parameter});
    section.read("access_lifetime", into.access_lifetime);
    section.read("refresh_lifetime", into.refresh_lifetime);
    section.read("lead_time", into.lead_time);
    section.read("minimum_age", into.minimum_age);
    section.read("grace", into.grace);
    section.read("idle_limit", into.idle_limit);
    require_get_or_post(section, into.method);
    if (into.token_parameter.empty()) {
        section.problem("token_parameter", "must not be empty");
    }
    if (into.access_lifetime && into.lead_time >= *into.access_lifetime) {
        section.problem("lead_time",
                        "must be shorter than access_lifetime, or the token is refreshed all the time");
    }
    if (into.access_lifetime && into.minimum_age >= *into.access_lifetime) {
        section.problem("minimum_age",
                        "must be shorter than access_lifetime, or the token ends before its refresh");
    }
    section.finish();
}

void read_revoke(object_reader& file, revoke_rules& into) {
    auto section = file.object("revoke");
    read_method(section, into.method);
    section.read("token_parameter", into.token_parameter);
    section.read("hint_parameter", into.hint_parameter);
    read_authentication(section, into.authentication);
    section.read("bearer", into.bearer);
    section.read("ends_sibling_accounts", into.ends_sibling_accounts);
    section.read("grant_token", into.grant_token);
    section.read("refresh_first", into.refresh_first);
    section.read_parameters("parameters", into.extra);
    std::vector<std::string> tokens;
    section.read("tokens", tokens);
    if (section.members() != nullptr && section.members()->contains("tokens")) {
        into.tokens.clear();
    }
    for (std::size_t index = 0; index < tokens.size(); ++index) {
        auto const found = std::find_if(token_kinds.begin(), token_kinds.end(),
                                        [&](auto const& kind) { return kind.first == tokens[index]; });
        if (found != token_kinds.end()) {
            into.tokens.push_back(found->second);
        } else {
            section.problems().add(join_pointer(section.path("tokens"), std::to_string(index)),
                                   "must be one of \"access\" and \"refresh\"");
        }
    }
    section.finish();
}

void read_nothing(object_reader& file, nothing_rules& into) {
    auto section = file.object("nothing_to_connect");
    section.read("code", into.code);
    section.read("help", into.help);
    section.finish();
    if (!into.code.empty() && !is_code_word(into.code)) {
        section.problem("code", "must be lower-case words joined by dots, such as \"chirp.pages.none\"");
    }
}

} // namespace connectd::platforms
