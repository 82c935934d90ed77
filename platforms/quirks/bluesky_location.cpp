#include "platforms/quirks/bluesky_location.hpp"

#include "platforms/error_table.hpp"
#include "platforms/json_answer.hpp"
#include "platforms/percent.hpp"
#include "platforms/quirks/bluesky_identifier.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace connectd::platforms::bluesky {
namespace {

namespace json = boost::json;

constexpr std::size_t largest_document = 64 * 1024;

failure refused(errc code, http::response const& answer) {
    failure failed;
    failed.what = verdict::refused;
    failed.code = code;
    failed.http_status = answer.status;
    return failed;
}

http::request get(std::string url, bool user_given) {
    http::request request;
    request.url = std::move(url);
    request.user_given_url = user_given;
    request.max_response_body = largest_document;
    request.headers.emplace_back("Accept", user_given ? "*/*" : "application/json");
    return request;
}

std::string_view text_member(json::object const& object, std::string_view name) {
    auto const* found = object.if_contains(name);
    auto const* text = found == nullptr ? nullptr : found->if_string();
    return text == nullptr ? std::string_view{} : std::string_view{text->data(), text->size()};
}

// "https://pds.example" of "https://pds.example/"; empty for anything that is not an origin. Plain http is
// left to the client's address policy, which refuses it unless the operator develops against a server of
// their own.
std::string origin_of(std::string_view url) {
    if (url.ends_with('/')) {
        url.remove_suffix(1);
    }
    auto const parsed = boost::urls::parse_uri(url);
    if (!parsed || !parsed->has_authority() || parsed->encoded_host().empty() || parsed->has_userinfo()) {
        return "";
    }
    bool const web = parsed->scheme() == "https" || parsed->scheme() == "http";
    if (!web || !parsed->encoded_path().empty() || parsed->has_query() || parsed->has_fragment()) {
        return "";
    }
    return std::string(url);
}

} // namespace

http::request resolve_handle_request(descriptor const& platform, std::string_view handle) {
    auto request = get(std::string(named_endpoint(platform, "resolve_handle_url")), false);
    append_query(request.url, "handle", handle);
    return request;
}

outcome<std::string> parse_resolved_handle(descriptor const& platform, http::response const& answer) {
    json_answer const body(answer.body);
    if (body.root() != nullptr && answer.status == 200) {
        auto const did = find_text(*body.root(), {"/did"});
        if (is_did(did)) {
            return std::string(did);
        }
    }
    auto failed = classify(platform, call_kind::api, answer, body.root());
    // The documented name, and what the service says in practice (August 2026).
    bool const unknown = failed.platform_error == "HandleNotFound" ||
                         (failed.platform_error == "InvalidRequest" &&
                          failed.platform_message.find("resolve handle") != std::string::npos);
    if (unknown) {
        failed.what = verdict::refused;
        failed.code = errc::identifier_not_found;
    }
    return failed;
}

http::request well_known_request(std::string_view handle) {
    return get("https://" + std::string(handle) + "/.well-known/atproto-did", true);
}

outcome<std::string> parse_well_known(http::response const& answer) {
    std::string_view text = answer.body;
    auto const first = text.find_first_not_of(" \t\r\n");
    text = first == std::string_view::npos ? std::string_view{} : text.substr(first);
    text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    if (answer.status == 200 && is_did(text)) {
        return std::string(text);
    }
    return refused(errc::identifier_not_found, answer);
}

http::request document_request(descriptor const& platform, std::string_view did) {
    constexpr std::string_view web = "did:web:";
    if (did.starts_with(web)) {
        return get("https://" + std::string(did.substr(web.size())) + "/.well-known/did.json", true);
    }
    std::string url(named_endpoint(platform, "plc_url"));
    if (!url.ends_with('/')) {
        url += '/';
    }
    url += did;
    return get(std::move(url), false);
}

outcome<std::string> parse_document(descriptor const& platform, std::string_view did,
                                    http::response const& answer) {
    if (answer.status == 404 || answer.status == 410) {
        return refused(errc::identifier_not_found, answer);
    }
    json_answer const body(answer.body);
    if (answer.status != 200 || body.root() == nullptr) {
        return classify(platform, call_kind::api, answer, body.root());
    }
    auto server = server_of_document(*body.root(), did);
    if (server.empty()) {
        return refused(errc::malformed_answer, answer);
    }
    return server;
}

std::string server_of_document(json::value const& document, std::string_view did) {
    constexpr std::string_view fragment = "#atproto_pds";
    auto const* object = document.if_object();
    if (object == nullptr || text_member(*object, "id") != did) {
        return "";
    }
    auto const* services = object->if_contains("service");
    if (services == nullptr || !services->is_array()) {
        return "";
    }
    for (auto const& item : services->get_array()) {
        auto const* service = item.if_object();
        if (service == nullptr || text_member(*service, "type") != "AtprotoPersonalDataServer") {
            continue;
        }
        auto const id = text_member(*service, "id");
        bool const relative = id == fragment;
        bool const absolute = id.starts_with(did) && id.substr(did.size()) == fragment;
        if (relative || absolute) {
            return origin_of(text_member(*service, "serviceEndpoint"));
        }
    }
    return "";
}

} // namespace connectd::platforms::bluesky
