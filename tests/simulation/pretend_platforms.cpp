#include "tests/simulation/pretend_platforms.hpp"

#include "tests/platforms/support.hpp"
#include "tests/support/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <utility>

namespace connectd::simulation {
namespace {

using namespace std::chrono_literals;
using platforms::refresh_model;

std::string_view word(refresh_model model) {
    switch (model) {
    case refresh_model::rotating:
        return "rotating";
    case refresh_model::static_token:
        return "static";
    case refresh_model::extend:
        return "extend";
    case refresh_model::relogin:
        return "relogin";
    case refresh_model::none:
        break;
    }
    return "none";
}

std::string refresh_section(rules const& of) {
    std::string text = R"("refresh":{"model":")";
    text += word(of.model);
    text += R"(","access_lifetime":)" + std::to_string(of.access.count());
    if (of.model != refresh_model::relogin) {
        text += R"(,"lead_time":)" + std::to_string(of.lead.count());
    }
    if (of.grace > 0s) {
        text += R"(,"grace":)" + std::to_string(of.grace.count());
    }
    if (of.model == refresh_model::extend) {
        text += R"(,"method":"GET","token_parameter":"access_token","authentication":"none","minimum_age":)" +
                std::to_string(of.minimum_age.count());
    }
    return text + "}";
}

platforms::http::response refusal(unsigned status, std::string_view error) {
    return tests::reply(status, R"({"error":")" + std::string{error} + R"("})");
}

} // namespace

// X forgives nothing; Bluesky a while; Google's refresh token stays; Instagram extends; LinkedIn does
// neither. Tokens live some times longer here than there, so that a history has fewer of the same refreshes.
std::vector<rules> const all_rules{
    {"strict", refresh_model::rotating, 12h, 30min, 0s, 0s},
    {"forgiving", refresh_model::rotating, 24h, 1h, 2h, 0s},
    {"briefly", refresh_model::rotating, 24h, 1h, 60s, 0s},
    {"stays", refresh_model::static_token, 24h, 30min, 0s, 0s},
    {"extends", refresh_model::extend, 240h, 48h, 0s, 24h},
    {"ends", refresh_model::relogin, 240h, 0s, 0s, 0s},
};

std::string write_token(char kind, token_name const& name) {
    return std::string{kind} + "." + std::to_string(name.person) + "." + std::to_string(name.consent) + "." +
           std::to_string(name.number);
}

std::optional<token_name> read_token(std::string_view text) {
    token_name name;
    auto const* at = text.data();
    auto const* const end = text.data() + text.size();
    auto const part = [&](auto& into) {
        at = std::find(at, end, '.');
        auto const read = at == end ? std::from_chars_result{end, std::errc::invalid_argument}
                                    : std::from_chars(at + 1, end, into);
        at = read.ptr;
        return read.ec == std::errc{};
    };
    return part(name.person) && part(name.consent) && part(name.number) ? std::optional{name} : std::nullopt;
}

platforms::catalog make_catalog() {
    tests::scratch_folder const folder;
    for (auto const& each : all_rules) {
        std::string const name{each.name};
        std::ofstream{folder.path() / (name + ".json")}
            << R"({"name":")" << name << R"(","title":")" << name
            << R"(","endpoints":{"authorize_url":"https://)" << name << R"(.example/a","token_url":"https://)"
            << name << R"(.example/t","identity_url":"https://)" << name
            << R"(.example/me"},"identity":{"id":"/id","username":"/name"},)" << refresh_section(each) << "}";
    }
    auto loaded =
        platforms::load_catalog({.built_in = false, .folder = folder.path(), .endpoint_overrides = {}});
    for (auto const& problem : loaded.problems) {
        BOOST_ERROR(to_string(problem));
    }
    return std::move(*loaded.loaded);
}

token_name pretend_platforms::consent(std::size_t person, std::size_t platform, sys_ms now) {
    if (person >= grants_.size()) {
        grants_.resize(person + 1);
    }
    auto& mine = grants_[person];
    auto const before = mine.consent;
    mine = grant{.platform = platform, .consent = before + 1, .issued_at = now};
    mine.access_ends = now + all_rules[platform].access;
    return {person, mine.consent, mine.number};
}

void pretend_platforms::revoke(std::size_t person, sys_ms now) {
    end(grants_.at(person), "revoked", now);
}

void pretend_platforms::end(grant& what, std::string why, sys_ms now) {
    if (what.dead.empty()) {
        what.dead = std::move(why);
        what.dead_since = now;
    }
}

std::optional<token_name> pretend_platforms::token_in(platforms::http::request const& what) {
    auto const& text = what.method == "GET" ? what.url : what.body;
    for (std::string_view const field : {"refresh_token=", "access_token="}) {
        auto const at = text.find(field);
        if (at != std::string::npos) {
            return read_token(std::string_view{text}.substr(at + field.size()));
        }
    }
    return std::nullopt;
}

platforms::http::response pretend_platforms::receive(token_name const& spent, sys_ms now) {
    auto& mine = grants_.at(spent.person);
    auto const& by = all_rules[mine.platform];
    if (spent.consent != mine.consent || !mine.dead.empty()) {
        return refusal(400, "invalid_grant");
    }
    if (by.model == refresh_model::extend) {
        if (now >= mine.access_ends) {
            end(mine, "expired", now);
            return refusal(400, "invalid_grant");
        }
        if (spent.number == mine.number && now < mine.issued_at + by.minimum_age) {
            return refusal(400, "invalid_request");
        }
    }
    bool const rotates = by.model == refresh_model::rotating;
    if (rotates && spent.number != mine.number) {
        bool const last = spent.number + 1 == mine.number;
        if (!last || now >= mine.issued_at + by.grace) {
            end(mine, "replayed", now);
            return refusal(400, "invalid_grant");
        }
        return give(mine, spent.person, now); // the successor once more
    }
    ++mine.number;
    mine.issued_at = now;
    mine.access_ends = now + by.access;
    return give(mine, spent.person, now);
}

platforms::http::response pretend_platforms::give(grant const& of, std::size_t person, sys_ms now) {
    token_name const name{person, of.consent, of.number};
    std::string refresh;
    if (all_rules[of.platform].model == refresh_model::rotating) {
        refresh = R"("refresh_token":")" + write_token('r', name) + R"(",)";
    }
    auto const left = std::chrono::ceil<std::chrono::seconds>(of.access_ends - now);
    return tests::reply(200, R"({"access_token":")" + write_token('a', name) + R"(",)" + refresh +
                                 R"("expires_in":)" + std::to_string(left.count()) + "}");
}

} // namespace connectd::simulation
