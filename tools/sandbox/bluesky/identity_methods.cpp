#include "tools/sandbox/bluesky/identity_methods.hpp"

#include "tools/sandbox/bluesky/documents.hpp"
#include "tools/sandbox/bluesky/identifiers.hpp"
#include "tools/sandbox/form.hpp"
#include "tools/sandbox/html.hpp"

namespace connectd::sandbox::bluesky {
namespace {

constexpr auto did_document_type = "application/did+ld+json; charset=utf-8";

reply not_found() {
    return {404, "text/plain; charset=utf-8", {}, "Not Found"};
}

struct parameter {
    std::string value;
    std::optional<reply> refusal;
};

parameter read_parameter(call const& request, std::string_view name) {
    auto const query = form::parse(request.query);
    if (!query)
        return {{}, invalid_request("The query is malformed")};
    if (query->get(name).empty())
        return {{}, invalid_request("Params must have the property \"" + std::string{name} + "\"")};
    return {std::string{query->get(name)}, {}};
}

std::string_view last_part(std::string_view path, std::string_view folder) {
    return path.substr(folder.size());
}

} // namespace

std::shared_ptr<person const> identity_methods::find(std::string_view identifier) const {
    auto const ref =
        identifier.starts_with("did:") ? people_.find_did(identifier) : people_.find_handle(identifier);
    return ref ? people_.at(*ref) : nullptr;
}

reply identity_methods::resolve_handle(call const& request) const {
    if (!request.body.empty())
        return invalid_request("A request body was provided when none was expected");
    auto handle = read_parameter(request, "handle");
    if (handle.refusal)
        return std::move(*handle.refusal);
    if (!valid_handle(handle.value))
        return invalid_request("Error: handle must be a valid handle");
    auto const who = find(handle.value);
    if (!who || who->state == account_state::deleted)
        return invalid_request("Unable to resolve handle");
    return json_reply(200, boost::json::object{{"did", who->did}});
}

reply identity_methods::profile(call const& request, sys_ms now) const {
    if (request.header("authorization")) {
        if (auto caller = guard_.authorize(request, now, false); caller.refusal)
            return std::move(*caller.refusal);
    }
    auto actor = read_parameter(request, "actor");
    if (actor.refusal)
        return std::move(*actor.refusal);
    if (!valid_handle(actor.value) && !valid_did(actor.value))
        return invalid_request("Error: actor must be a valid did or a handle");
    auto const who = find(actor.value);
    if (!who || who->state == account_state::deleted)
        return invalid_request("Profile not found");
    if (who->state == account_state::takendown || who->state == account_state::suspended)
        return xrpc_error(400, "AccountTakedown", "Account has been suspended");
    if (who->state == account_state::deactivated)
        return xrpc_error(400, "AccountDeactivated", "Account is deactivated");
    return json_reply(200, profile_object(*who, origin_));
}

reply identity_methods::plc_document(call const& request) const {
    auto const did = percent_decode(last_part(request.path, "/plc/"), false);
    auto const who = did && did->starts_with("did:plc:") ? find(*did) : nullptr;
    if (!who)
        return json_reply(404, boost::json::object{{"message", "DID not registered: " + did.value_or("")}});
    if (who->state == account_state::deleted)
        return json_reply(410, boost::json::object{{"message", "DID not available: " + *did}});
    return json_reply(200, did_document(*who, origin_), did_document_type);
}

reply identity_methods::did_web_document(call const& request) const {
    std::string did = "did:web:";
    for (char const c : lower_case(request.header("host").value_or("")))
        did += c == ':' ? std::string{"%3A"} : std::string{c};
    auto const who = find(did);
    if (!who || who->state == account_state::deleted)
        return not_found();
    return json_reply(200, did_document(*who, origin_), "application/json");
}

reply identity_methods::handle_file(call const& request) const {
    auto const host = request.header("host").value_or("");
    auto const who = find(host.substr(0, host.find(':')));
    if (!who || who->state == account_state::deleted)
        return not_found();
    return {200, "text/plain; charset=utf-8", {}, who->did + "\n"};
}

reply identity_methods::avatar(call const& request) const {
    auto const rest = last_part(request.path, "/img/avatar/plain/");
    auto const did = percent_decode(rest.substr(0, rest.find('/')), false);
    auto const who = did ? find(*did) : nullptr;
    if (!who)
        return not_found();
    return {200, "image/svg+xml", {}, avatar_svg(who->display_name, who->did)};
}

} // namespace connectd::sandbox::bluesky
