#include "tools/sandbox/linkedin/post_api.hpp"

#include "tools/sandbox/linkedin/errors.hpp"
#include "tools/sandbox/linkedin/little_text.hpp"
#include "tools/sandbox/linkedin/members.hpp"
#include "tools/sandbox/linkedin/versions.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::linkedin {
namespace {

constexpr auto writing = oauth::scope_set::of({scope::w_member_social, scope::w_organization_social});
constexpr resource posts_create{"posts.CREATE", 20, writing, 150};
constexpr resource ugc_create{"ugcPosts.CREATE", 21, writing, 150};

struct member_rule {
    std::string_view name;
    boost::json::kind kind;
    bool required;
};

// The members of a post that a client without media needs, and those that it may add.
constexpr std::array<member_rule, 12> post_members{{
    {"author", boost::json::kind::string, true},
    {"commentary", boost::json::kind::string, true},
    {"visibility", boost::json::kind::string, true},
    {"distribution", boost::json::kind::object, true},
    {"lifecycleState", boost::json::kind::string, true},
    {"isReshareDisabledByAuthor", boost::json::kind::bool_, false},
    {"content", boost::json::kind::object, false},
    {"reshareContext", boost::json::kind::object, false},
    {"adContext", boost::json::kind::object, false},
    {"container", boost::json::kind::string, false},
    {"contentLandingPage", boost::json::kind::string, false},
    {"contentCallToActionLabel", boost::json::kind::string, false},
}};
constexpr std::array<member_rule, 5> ugc_members{{
    {"author", boost::json::kind::string, true},
    {"lifecycleState", boost::json::kind::string, true},
    {"specificContent", boost::json::kind::object, true},
    {"visibility", boost::json::kind::object, true},
    {"containerEntity", boost::json::kind::string, false},
}};

std::optional<reply> check_members(boost::json::object const& body, std::span<member_rule const> rules) {
    for (auto const& [name, value] : body) {
        auto const rule = std::ranges::find(rules, std::string_view{name}, &member_rule::name);
        auto const pointer = "/" + std::string{name};
        if (rule == rules.end())
            return invalid_field(pointer, "unrecognized field found but not allowed");
        if (value.kind() != rule->kind)
            return invalid_field(pointer, "the value has another type than the schema");
    }
    for (auto const& rule : rules) {
        if (rule.required && !body.contains(rule.name))
            return invalid_field("/" + std::string{rule.name},
                                 "field is required but not found and has no default value");
    }
    return std::nullopt;
}

std::optional<boost::json::value> read_object(call const& request) {
    boost::system::error_code error;
    auto parsed = boost::json::parse(request.body, error);
    if (error || !parsed.is_object() || !request.has_content_type("application/json"))
        return std::nullopt;
    return parsed;
}

reply unreadable() {
    return service_error(400, 0, "ILLEGAL_ARGUMENT", "The body is no JSON object of type application/json");
}

std::string text_at(boost::json::value const& body, std::string_view pointer) {
    boost::system::error_code error;
    auto const* const found = body.find_pointer(pointer, error);
    return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

// The values that the platform knows in these members.
std::optional<reply> check_words(boost::json::value const& body) {
    auto const one_of = [](std::string const& word, std::initializer_list<std::string_view> known) {
        return std::ranges::find(known, word) != known.end();
    };
    if (!one_of(text_at(body, "/visibility"), {"PUBLIC", "CONNECTIONS", "LOGGED_IN"}))
        return invalid_field("/visibility", "is not an enum symbol");
    if (!one_of(text_at(body, "/lifecycleState"), {"PUBLISHED", "DRAFT"}))
        return invalid_field("/lifecycleState", "is not an enum symbol");
    if (!one_of(text_at(body, "/distribution/feedDistribution"), {"MAIN_FEED", "NONE"}))
        return invalid_field("/distribution/feedDistribution", "is not an enum symbol");
    return std::nullopt;
}

reply duplicate_of(std::string_view urn) {
    auto const message = "com.linkedin.content.common.exception.BadRequestResponseException: Content is a "
                         "duplicate of " +
                         std::string{urn};
    boost::json::object const input{{"description", "Duplicate post is detected"},
                                    {"input", boost::json::object{}},
                                    {"code", "DUPLICATE_POST"}};
    return json_reply(
        422,
        boost::json::object{{"errorDetailType", "com.linkedin.common.error.BadRequest"},
                            {"message", message},
                            {"errorDetails", boost::json::object{{"inputErrors", boost::json::array{input}}}},
                            {"status", 422}},
        "application/json");
}

} // namespace

reply post_api::create(call const& request, sys_ms now) {
    auto version = read_version(request, now);
    if (auto* const refusal = std::get_if<reply>(&version))
        return std::move(*refusal);
    auto const caller = gate_.enter(request, posts_create, std::get<std::string>(version), now);
    if (auto const* const refusal = std::get_if<reply>(&caller))
        return *refusal;
    auto body = read_object(request);
    if (!body)
        return unreadable();
    if (auto refusal = check_members(body->get_object(), post_members))
        return std::move(*refusal);
    if (auto refusal = check_words(*body))
        return std::move(*refusal);
    auto author = text_at(*body, "/author");
    auto text = shown_text(text_at(*body, "/commentary"));
    return publish(std::get<oauth::access>(caller),
                   {std::move(author), std::move(text), std::move(body->get_object())},
                   "posts.CREATE." + std::get<std::string>(version), now);
}

reply post_api::create_legacy(call const& request, sys_ms now) {
    auto const caller = gate_.enter(request, ugc_create, "NO_VERSION", now);
    if (auto const* const refusal = std::get_if<reply>(&caller))
        return *refusal;
    auto body = read_object(request);
    if (!body)
        return unreadable();
    if (auto refusal = check_members(body->get_object(), ugc_members))
        return std::move(*refusal);
    auto author = text_at(*body, "/author");
    auto text = text_at(*body, "/specificContent/com.linkedin.ugc.ShareContent/shareCommentary/text");
    auto answer = publish(std::get<oauth::access>(caller),
                          {std::move(author), std::move(text), std::move(body->get_object())},
                          "ugcPosts.CREATE.NO_VERSION", now);
    if (answer.status == 201) {
        auto made =
            json_reply(201, boost::json::object{{"id", answer.headers.front().second}}, "application/json");
        made.headers = std::move(answer.headers);
        return made;
    }
    return answer;
}

reply post_api::publish(oauth::access const& caller, draft wanted, std::string_view resource, sys_ms now) {
    if (!may_write_as(caller, wanted.author))
        return access_denied(resource);
    auto const urn = "urn:li:share:" + std::to_string(posts_.number(now));
    if (auto const earlier =
            posts_.add_if_new({urn, caller.person, std::move(wanted.text), std::move(wanted.body), now}))
        return duplicate_of(earlier->id);
    events_.event("linkedin", "post_created", urn, caller.grant, now);
    return {201, "", {{"x-restli-id", urn}}, ""};
}

bool post_api::may_write_as(oauth::access const& caller, std::string_view author) const {
    if (auto const id = organization_id(author))
        return caller.scopes.has(scope::w_organization_social) &&
               organizations_.has_role(
                   *id, caller.person,
                   {"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER"});
    return caller.scopes.has(scope::w_member_social) &&
           author == member_urn(*people_.at(caller.person), caller.client_id);
}

} // namespace connectd::sandbox::linkedin
