#include "tools/sandbox/graph/gate.hpp"

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "tools/sandbox/time_text.hpp"

namespace connectd::sandbox::graph {
namespace {

std::string proof_of(std::string_view token, std::string_view secret) {
    return crypto::encode_hex(crypto::bytes_view{crypto::hmac_sha256(secret, token)});
}

} // namespace

std::vector<std::string> segments(std::string_view path) {
    std::vector<std::string> found;
    while (!path.empty()) {
        auto const end = path.find('/');
        auto const part = path.substr(0, end);
        if (!part.empty())
            found.push_back(percent_decode(part, false).value_or(std::string{part}));
        path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
    }
    return found;
}

std::string access_token_of(form const& parameters, call const& request) {
    if (parameters.has("access_token"))
        return std::string{parameters.get("access_token")};
    constexpr std::string_view scheme = "OAuth ";
    auto const header = request.header("authorization").value_or("");
    if (header.starts_with(scheme))
        return std::string{header.substr(scheme.size())};
    return std::string{request.bearer().value_or("")};
}

graph_error dead_token(oauth::refusal why, sys_ms now) {
    if (why == oauth::refusal::token_expired) {
        auto error = known_error(190, 463);
        error.message += " The current time is " + format_time(now) + ".";
        return error;
    }
    return known_error(190, why == oauth::refusal::token_revoked ? 458 : 0);
}

reply gate::refuse(graph_error error) const {
    if (tells_dead_token(error) && error.status == 400 && parts_.how.on(dead_token_switch))
        error.status = 401;
    return error_reply(error);
}

reply gate::dead(oauth::refusal why, sys_ms now) const {
    return refuse(dead_token(why, now));
}

reply gate::unsupported(graph_call const& asked) const {
    return refuse(graph::unsupported(asked.request.method, asked.node(), parts_.method_exception));
}

std::variant<caller, reply> gate::find(std::string_view token, sys_ms now) const {
    auto found = parts_.issued.inspect(token, now);
    if (auto const* const why = std::get_if<oauth::refusal>(&found))
        return dead(*why, now);
    caller by{std::string{token}, std::get<oauth::access>(std::move(found)), nullptr, nullptr};
    by.client = parts_.registered.find(by.allowed.client_id);
    if (!by.client)
        return refuse(known_error(101));
    by.who = parts_.persons.at(by.allowed.person);
    return by;
}

std::optional<graph_error> gate::unproven(caller const& by, form const& parameters) const {
    bool const there = parameters.has("appsecret_proof");
    if (!there && !by.client->has_flag(proof_flag))
        return std::nullopt;
    if (there && parameters.get("appsecret_proof") == proof_of(by.token, by.client->client_secret))
        return std::nullopt;
    auto error = known_error(100);
    error.type = "GraphMethodException";
    error.message = there ? "Invalid appsecret_proof provided in the API argument"
                          : "API calls from the server require an appsecret_proof argument";
    return error;
}

std::variant<caller, reply> gate::admit(graph_call const& asked) {
    auto const token = access_token_of(asked.parameters, asked.request);
    if (token.empty())
        return refuse(known_error(asked.node() == "me" ? 2500 : 104));
    auto found = find(token, asked.now);
    auto* const by = std::get_if<caller>(&found);
    if (by == nullptr)
        return found;
    if (auto error = unproven(*by, asked.parameters))
        return refuse(std::move(*error));
    auto const account = by->allowed.subject.empty() && parts_.account_of != nullptr
                             ? parts_.account_of(*by->who)
                             : by->allowed.subject;
    usage_subject const subject{by->client->client_id, account, parts_.use_case};
    if (auto error = troubles_.strike(by->who->name, {asked.node(), by->allowed.subject}, asked.endpoint)) {
        auto answer = refuse(*error);
        if (tells_throttling(*error)) {
            for (auto& header : used_up(subject))
                answer.headers.push_back(std::move(header));
        }
        return answer;
    }
    auto counted = count_call(parts_.limits, subject, asked.now);
    by->usage_headers = std::move(counted.headers);
    if (!counted.throttled)
        return found;
    auto answer = refuse(std::move(*counted.throttled));
    answer.headers.insert(answer.headers.end(), by->usage_headers.begin(), by->usage_headers.end());
    return answer;
}

std::variant<caller, reply> gate::admit_token(std::string_view token, std::string_view endpoint, sys_ms now) {
    auto found = find(token, now);
    if (auto const* const by = std::get_if<caller>(&found)) {
        if (auto error = troubles_.strike(by->who->name, {by->allowed.subject}, endpoint))
            return refuse(std::move(*error));
    }
    return found;
}

} // namespace connectd::sandbox::graph
