#include "tools/sandbox/bluesky/bluesky_platform.hpp"

#include "tools/sandbox/bluesky/identifiers.hpp"
#include "tools/sandbox/time_text.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox::bluesky {
namespace {

constexpr std::string_view xrpc_folder = "/xrpc/";

// "All calls: 3000 in 5 minutes for an IP address". Everybody who calls a sandbox is one address.
constexpr rate_limit all_calls{10, 3000, std::chrono::seconds{300}};

// The methods, and what faults and the journal call them.
struct method_name {
    std::string_view nsid;
    std::string_view endpoint;
    std::string_view verb;
};
constexpr std::array<method_name, 7> methods{{
    {"com.atproto.server.createSession", "createSession", "POST"},
    {"com.atproto.server.refreshSession", "refreshSession", "POST"},
    {"com.atproto.server.deleteSession", "deleteSession", "POST"},
    {"com.atproto.server.getSession", "getSession", "GET"},
    {"com.atproto.identity.resolveHandle", "resolveHandle", "GET"},
    {"app.bsky.actor.getProfile", "getProfile", "GET"},
    {"com.atproto.repo.createRecord", "createRecord", "POST"},
}};

method_name const* find_method(std::string_view nsid) {
    auto const* const found = std::ranges::find(methods, nsid, &method_name::nsid);
    return found == methods.end() ? nullptr : found;
}

std::string service_did(std::string_view public_url) {
    auto const host = public_url.substr(public_url.find("://") + 3);
    std::string did = "did:web:";
    for (char const c : host)
        did += c == ':' ? std::string{"%3A"} : std::string{c};
    return did;
}

} // namespace

bluesky_platform::bluesky_platform(platform_parts const& parts)
    : url_{parts.url},
      sessions_{signer_, parts.events, service_did(url_), parts.most_grants},
      session_methods_{parts.persons, sessions_, signer_, limits(), url_},
      records_{parts.persons, session_methods_, parts.events, limits()},
      identity_methods_{parts.persons, session_methods_, url_} {}

platform::config_lines bluesky_platform::configuration() const {
    auto const xrpc = url_ + "/xrpc";
    return {{"entryway_url", url_},
            {"plc_url", url_ + "/plc"},
            {"resolve_handle_url", xrpc + "/com.atproto.identity.resolveHandle"},
            {"profile_url", xrpc + "/app.bsky.actor.getProfile"}};
}

std::size_t bluesky_platform::end_by_user(person_ref who, std::string_view, sys_ms now) {
    return sessions_.remove_all(who, now);
}

void bluesky_platform::reset() {
    sessions_.clear();
    records_.clear();
    limits().clear();
}

std::span<std::string_view const> bluesky_platform::endpoints() const {
    static constexpr std::array<std::string_view, 11> names{
        "createSession", "refreshSession", "deleteSession", "getSession",
        "resolveHandle", "getProfile",     "createRecord",  "plc",
        "did_json",      "atproto_did",    "other"};
    return names;
}

std::string_view bluesky_platform::endpoint(call const& request) const {
    if (request.path.starts_with(xrpc_folder)) {
        auto const* const method = find_method(request.path.substr(xrpc_folder.size()));
        return method != nullptr ? method->endpoint : "other";
    }
    if (request.path.starts_with("/plc/"))
        return "plc";
    if (request.path == "/.well-known/did.json")
        return "did_json";
    if (request.path == "/.well-known/atproto-did")
        return "atproto_did";
    return "other";
}

reply bluesky_platform::answer(call const& request, sys_ms now) {
    if (!request.path.starts_with(xrpc_folder))
        return plain(request);
    auto const standing = limits().take(all_calls, 0, now);
    if (!standing.allowed)
        return rate_limited(all_calls, standing);
    auto answered = xrpc(request.path.substr(xrpc_folder.size()), request, now);
    auto const announced = std::ranges::any_of(
        answered.headers, [](auto const& header) { return header.first == "RateLimit-Limit"; });
    if (!announced)
        announce(answered, all_calls, standing);
    return answered;
}

reply bluesky_platform::xrpc(std::string_view method, call const& request, sys_ms now) {
    auto const* const known = find_method(method);
    if (known == nullptr)
        return valid_nsid(method) ? xrpc_error(501, "MethodNotImplemented", "Method Not Implemented")
                                  : invalid_request("invalid xrpc path");
    if (request.method != known->verb)
        return invalid_request("Incorrect HTTP method (" + std::string{request.method} + ") expected " +
                               std::string{known->verb});
    if (known->endpoint == "createSession")
        return session_methods_.create(request, now);
    if (known->endpoint == "refreshSession")
        return session_methods_.refresh(request, now);
    if (known->endpoint == "deleteSession")
        return session_methods_.remove(request, now);
    if (known->endpoint == "getSession")
        return session_methods_.get(request, now);
    if (known->endpoint == "resolveHandle")
        return identity_methods_.resolve_handle(request);
    if (known->endpoint == "getProfile")
        return identity_methods_.profile(request, now);
    return records_.create(request, now);
}

reply bluesky_platform::plain(call const& request) const {
    if (request.method != "GET")
        return {405, "text/plain; charset=utf-8", {{"Allow", "GET"}}, "Method Not Allowed"};
    if (request.path.starts_with("/plc/"))
        return identity_methods_.plc_document(request);
    if (request.path == "/.well-known/did.json")
        return identity_methods_.did_web_document(request);
    if (request.path == "/.well-known/atproto-did")
        return identity_methods_.handle_file(request);
    if (request.path.starts_with("/img/avatar/plain/"))
        return identity_methods_.avatar(request);
    return {404, "text/plain; charset=utf-8", {}, "Not Found"};
}

reply bluesky_platform::error(std::string_view, unsigned status, sys_ms now) const {
    switch (status) {
    case 401:
        return xrpc_error(401, "AuthenticationRequired", "Authentication Required");
    case 429:
        return rate_limited(all_calls,
                            {false, all_calls.points, 0, unix_seconds(now) + all_calls.window.count()});
    case 502:
        return xrpc_error(502, "UpstreamFailure", "Upstream Failure");
    case 503:
        return xrpc_error(503, "NotEnoughResources", "Not Enough Resources");
    case 504:
        return xrpc_error(504, "UpstreamTimeout", "Upstream Timeout");
    default:
        return status < 500 ? xrpc_error(status, "InvalidRequest", "Invalid Request")
                            : xrpc_error(status, "InternalServerError", "Internal Server Error");
    }
}

reply bluesky_platform::success_without_token(std::string_view) const {
    return json_reply(200,
                      boost::json::object{{"did", did_from("nobody")}, {"handle", "nobody.sandbox.test"}});
}

} // namespace connectd::sandbox::bluesky
