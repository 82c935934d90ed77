#include "tools/sandbox/linkedin/linkedin_platform.hpp"

#include "tools/sandbox/linkedin/errors.hpp"
#include "tools/sandbox/linkedin/rules.hpp"
#include "tools/sandbox/oauth/id_token.hpp"
#include "tools/sandbox/oauth/replies.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::linkedin {
namespace {

constexpr std::string_view image_folder = "/dms/image/";

// One row a path: what faults and the journal call it. A path that ends in a slash stands for all below it.
struct endpoint_path {
    std::string_view path;
    std::string_view endpoint;
    std::string_view method;
};
constexpr std::array<endpoint_path, 16> paths{{
    {"/oauth/v2/accessToken", "token", "POST"},
    {"/v2/userinfo", "userinfo", "GET"},
    {"/rest/posts", "posts", "POST"},
    {authorize_path, "authorize", "GET, POST"},
    {"/rest/organizationAcls", "organization_acls", "GET"},
    {"/rest/organizations", "organizations", "GET"},
    {"/rest/organizations/", "organizations", "GET"},
    {"/rest/images/", "images", "GET"},
    {"/v2/organizationalEntityAcls", "organization_acls", "GET"},
    {"/v2/organizationAcls", "organization_acls", "GET"},
    {"/v2/organizations", "organizations", "GET"},
    {"/v2/organizations/", "organizations", "GET"},
    {"/v2/ugcPosts", "posts", "POST"},
    {"/v2/me", "me", "GET"},
    {"/oauth/v2/introspectToken", "introspect", "POST"},
    {"/oauth/v2/revoke", "revoke", "POST"},
}};

endpoint_path const* find(std::string_view path) {
    auto const* const found = std::ranges::find_if(paths, [&](endpoint_path const& each) {
        return each.path.ends_with('/') ? path.size() > each.path.size() && path.starts_with(each.path)
                                        : path == each.path;
    });
    return found == paths.end() ? nullptr : found;
}

} // namespace

linkedin_platform::linkedin_platform(platform_parts const& parts)
    : oauth_platform{rules(), parts},
      organizations_{persons()},
      gate_{grants(), limits()},
      members_{persons(), gate_, url()},
      token_endpoint_{apps(), grants(), members_},
      organization_api_{persons(), organizations_, gate_, url()},
      post_api_{persons(), organizations_, gate_, posts(), events()} {}

platform::config_lines linkedin_platform::configuration() const {
    return {{"authorize_url", url() + std::string{authorize_path}},
            {"token_url", url() + "/oauth/v2/accessToken"},
            {"refresh_url", url() + "/oauth/v2/accessToken"},
            {"revoke_url", url() + "/oauth/v2/revoke"},
            {"identity_url", url() + "/v2/userinfo"},
            {"api_base", url() + "/rest"}};
}

std::vector<oauth::app> linkedin_platform::first_apps(std::vector<std::string> redirect_uris) const {
    auto all = oauth_platform::first_apps(redirect_uris);
    all.push_back({std::string{partner_client_id},
                   std::string{partner_client_secret},
                   "Sandbox Partner App",
                   true,
                   std::move(redirect_uris),
                   {std::string{refresh_tokens_flag}}});
    return all;
}

void linkedin_platform::reset() {
    oauth_platform::reset();
    gate_.reset();
}

std::span<std::string_view const> linkedin_platform::endpoints() const {
    static constexpr std::array<std::string_view, 13> names{
        "authorize", "consent",           "token",         "refresh", "introspect", "revoke", "userinfo",
        "me",        "organization_acls", "organizations", "images",  "posts",      "other"};
    return names;
}

std::string_view linkedin_platform::endpoint(call const& request) const {
    auto const* const found = find(request.path);
    if (found == nullptr)
        return "other";
    if (found->endpoint == "token")
        return oauth::token_or_refresh(request);
    if (found->endpoint == "authorize" && request.method == "POST")
        return "consent";
    return found->endpoint;
}

reply linkedin_platform::answer(call const& request, sys_ms now) {
    if (request.path.starts_with(image_folder))
        return request.method == "GET" ? members_.picture(request) : wrong_method("GET");
    if (request.path == "/oauth/openid/jwks")
        return json_reply(200, oauth::id_token_keys());
    auto const* const found = find(request.path);
    if (found == nullptr)
        return no_such_resource();
    if (found->method.find(request.method) == std::string_view::npos)
        return wrong_method(found->method);
    if (found->endpoint == "token")
        return token_endpoint_.token(request, now);
    if (found->endpoint == "introspect")
        return token_endpoint_.introspect(request, now);
    if (found->endpoint == "revoke")
        return token_endpoint_.revoke(request, now);
    if (found->endpoint == "authorize")
        return request.method == "GET" ? authorization().page(request, now)
                                       : authorization().decide(request, now);
    if (found->endpoint == "userinfo" || found->endpoint == "me")
        return identity(request, now);
    if (found->endpoint == "posts")
        return found->path == "/rest/posts" ? post_api_.create(request, now)
                                            : post_api_.create_legacy(request, now);
    return pages(request, now);
}

reply linkedin_platform::identity(call const& request, sys_ms now) {
    return request.path == "/v2/me" ? members_.me(request, now) : members_.userinfo(request, now);
}

reply linkedin_platform::pages(call const& request, sys_ms now) {
    bool const versioned = request.path.starts_with("/rest/");
    if (request.path == "/rest/organizationAcls")
        return organization_api_.acls(request, now);
    if (request.path == "/v2/organizationAcls")
        return organization_api_.legacy_acls(request, "organization", now);
    if (request.path == "/v2/organizationalEntityAcls")
        return organization_api_.legacy_acls(request, "organizationalTarget", now);
    if (request.path.starts_with("/rest/images/"))
        return organization_api_.image(request, now);
    return organization_api_.organization(request, versioned, now);
}

reply linkedin_platform::error(std::string_view endpoint, unsigned status, sys_ms) const {
    bool const oauth =
        endpoint == "token" || endpoint == "refresh" || endpoint == "introspect" || endpoint == "revoke";
    if (oauth && status < 429)
        return status == 401 ? oauth::error_reply(401, "invalid_client", "Client authentication failed")
                             : oauth::error_reply(status, "invalid_request", "The request is invalid");
    switch (status) {
    case 401:
        return refused_token(oauth::refusal::token_unknown);
    case 403:
        return access_denied(endpoint);
    case 429:
        return day_limit("APPLICATION");
    default:
        return service_error(status, 0, status < 500 ? "BAD_REQUEST" : "INTERNAL_SERVER_ERROR",
                             "Internal Server Error");
    }
}

reply linkedin_platform::success_without_token(std::string_view endpoint) const {
    if (endpoint == "token" || endpoint == "refresh")
        return json_reply(200, boost::json::object{{"expires_in", 5'184'000},
                                                   {"scope", "email,openid,profile"},
                                                   {"token_type", "Bearer"}});
    return json_reply(200, boost::json::object{});
}

} // namespace connectd::sandbox::linkedin
