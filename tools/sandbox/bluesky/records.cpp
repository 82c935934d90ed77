#include "tools/sandbox/bluesky/records.hpp"

#include "tools/sandbox/bluesky/identifiers.hpp"
#include "tools/sandbox/bluesky/post_record.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace connectd::sandbox::bluesky {
namespace {

constexpr std::size_t most_records = 1000;
constexpr rate_limit writes_hourly{21, 5000, std::chrono::seconds{3600}};
constexpr rate_limit writes_daily{22, 35'000, std::chrono::seconds{86'400}};
constexpr std::uint32_t points_of_create = 3;

std::string_view member_text(boost::json::object const& object, std::string_view name) {
    auto const* const member = object.if_contains(name);
    return member != nullptr && member->is_string() ? std::string_view{member->get_string()}
                                                    : std::string_view{};
}

// The refusal of an input whose shape is wrong before anybody looks at the record.
std::optional<reply> refuse_shape(boost::json::object const& input) {
    for (auto const* const name : {"repo", "collection"}) {
        if (auto member = read_text(input, name); member.refusal)
            return std::move(member.refusal);
    }
    if (!valid_nsid(member_text(input, "collection")))
        return invalid_request("Input/collection must be a valid nsid");
    if (input.contains("rkey") && !valid_record_key(member_text(input, "rkey")))
        return invalid_request("Input/rkey must be a valid Record Key");
    auto const* const content = input.if_contains("record");
    if (content == nullptr)
        return invalid_request("Input must have the property \"record\"");
    if (!content->is_object())
        return invalid_request("Input/record must be an object");
    return std::nullopt;
}

} // namespace

std::optional<reply> records::refuse_repo(std::string_view repo, person const& caller) const {
    auto const owner = people_.find_identifier(repo);
    if (!owner)
        return xrpc_error(403, "AccountNotFound", "Account not found");
    if (people_.at(*owner)->did != caller.did)
        return xrpc_error(401, "AuthenticationRequired", "Authentication Required");
    return std::nullopt;
}

reply records::create(call const& request, sys_ms now) {
    auto const caller = guard_.authorize(request, now, true);
    if (caller.refusal)
        return *caller.refusal;
    auto parsed = read_input(request);
    if (auto* const refusal = std::get_if<reply>(&parsed))
        return std::move(*refusal);
    auto const& input = std::get<boost::json::object>(parsed);
    if (auto refusal = refuse_shape(input))
        return std::move(*refusal);

    auto const subject = subject_of(caller.who->did);
    for (auto const& limit : {writes_hourly, writes_daily}) {
        auto const standing = limits_.take(limit, subject, now, points_of_create);
        if (!standing.allowed)
            return rate_limited(limit, standing);
    }
    if (auto refusal = refuse_repo(member_text(input, "repo"), *caller.who))
        return std::move(*refusal);
    auto const problem = check_record(member_text(input, "collection"), input.at("record").get_object());
    if (!problem.empty())
        return invalid_request(problem);
    return store(*caller.who, input, now);
}

reply records::store(person const& owner, boost::json::object const& input, sys_ms now) {
    auto const collection = member_text(input, "collection");
    auto content = boost::json::serialize(input.at("record"));
    auto const cid = make_cid(content);
    std::string uri = "at://" + owner.did + "/" + std::string{collection} + "/";
    std::string revision;
    {
        std::lock_guard const lock{mutex_};
        revision = make_tid(now, ++counter_);
        auto const key = member_text(input, "rkey");
        uri += key.empty() ? std::string_view{revision} : key;
        if (std::ranges::any_of(newest_, [&](record const& each) { return each.uri == uri; }))
            return invalid_request("Record already exists: " + uri);
        newest_.push_front({uri, cid, std::move(content), now});
        if (newest_.size() > most_records)
            newest_.pop_back();
    }
    events_.event("bluesky", "record_created", uri, 0, now);
    boost::json::object const commit{{"cid", make_cid(uri + cid)}, {"rev", revision}};
    return json_reply(200,
                      boost::json::object{{"uri", uri},
                                          {"cid", cid},
                                          {"commit", commit},
                                          {"validationStatus", is_known(collection) ? "valid" : "unknown"}});
}

std::vector<record> records::list(std::size_t limit) const {
    std::lock_guard const lock{mutex_};
    auto const count = static_cast<std::ptrdiff_t>(std::min(limit, newest_.size()));
    return {newest_.begin(), newest_.begin() + count};
}

void records::clear() {
    std::lock_guard const lock{mutex_};
    newest_.clear();
}

} // namespace connectd::sandbox::bluesky
