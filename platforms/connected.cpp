// The format of a pending choice, all integers big-endian; a text is its length (2 bytes) and its bytes.
//
//   version (1 byte, 1)
//   token material: length (4), the bytes of token_material.hpp
//   four moments: expires_in, refresh_expires_in, expires_at, refresh_expires_at; each is 0 (1 byte), or 1
//   and
//     the seconds (8)
//   scopes: count (2), each a text
//   api_base: a text
//   the person who consented: 0 (1 byte), or 1 and an identity
//   candidates: count (2, never 0), each an identity, its kind (a text), its own access token: length (4),
//     bytes
//
// An identity is four texts: id, username, display name, avatar URL.
#include "platforms/connected.hpp"

#include "platforms/blob.hpp"
#include "platforms/token_material.hpp"

#include <utility>

namespace connectd::platforms {
namespace {

constexpr std::uint8_t format_version = 1;

std::optional<crypto::secret> copy_of(std::optional<crypto::secret> const& value) {
    return value ? std::optional{value->clone()} : std::nullopt;
}

void write_moment(blob_writer& out, std::optional<std::chrono::seconds> moment) {
    out.number(moment ? 1 : 0, 1);
    if (moment) {
        out.number(static_cast<std::uint64_t>(moment->count()), 8);
    }
}

std::optional<std::chrono::seconds> since_epoch(std::optional<std::chrono::sys_seconds> moment) {
    return moment ? std::optional{moment->time_since_epoch()} : std::nullopt;
}

void write_identity(blob_writer& out, identity const& who) {
    for (auto const* text : {&who.id, &who.username, &who.display_name, &who.avatar_url}) {
        out.sized_text(*text, 2);
    }
}

// Reads as long as everything fits; afterwards `failed` tells.
class choice_reader {
  public:
    explicit choice_reader(std::string_view bytes) : in_(bytes) {}

    std::uint64_t number(std::size_t width) { return taken(in_.number(width)); }
    std::string_view text(std::size_t width) { return taken(in_.sized_text(width)); }
    bool flag() {
        auto const value = number(1);
        failed_ = failed_ || value > 1;
        return value == 1;
    }
    std::optional<std::chrono::seconds> moment() {
        if (!flag()) {
            return std::nullopt;
        }
        return std::chrono::seconds{static_cast<std::int64_t>(number(8))};
    }
    std::optional<std::chrono::sys_seconds> moment_of_epoch() {
        auto const value = moment();
        return value ? std::optional{std::chrono::sys_seconds{*value}} : std::nullopt;
    }
    identity person() {
        identity who;
        for (auto* text_of : {&who.id, &who.username, &who.display_name, &who.avatar_url}) {
            *text_of = text(2);
        }
        failed_ = failed_ || who.id.empty();
        return who;
    }
    bool failed() const noexcept { return failed_; }
    bool complete() const noexcept { return !failed_ && in_.done(); }

  private:
    template <class T>
    T taken(std::optional<T> value) {
        failed_ = failed_ || !value;
        return value.value_or(T{});
    }

    blob_reader in_;
    bool failed_ = false;
};

std::vector<candidate> read_choices(choice_reader& in) {
    std::vector<candidate> list;
    auto const count = in.number(2);
    for (std::uint64_t index = 0; index < count && !in.failed(); ++index) {
        auto who = in.person();
        std::string kind(in.text(2));
        list.push_back({std::move(who), std::move(kind), crypto::secret::copy_of(in.text(4))});
    }
    return list;
}

} // namespace

token_set tokens_of(token_set const& granted, candidate const& chosen) {
    token_set made;
    made.token_type = granted.token_type;
    made.scopes = granted.scopes;
    made.api_base = granted.api_base;
    keep_extras(granted, made);
    if (chosen.access_token.empty()) {
        made.access_token = granted.access_token.clone();
        made.refresh_token = copy_of(granted.refresh_token);
        made.expires_in = granted.expires_in;
        made.refresh_expires_in = granted.refresh_expires_in;
        made.expires_at = granted.expires_at;
        made.refresh_expires_at = granted.refresh_expires_at;
        return made;
    }
    made.access_token = chosen.access_token.clone();
    set_extra(made, grant_access_extra, granted.access_token.clone());
    if (granted.refresh_token) {
        set_extra(made, grant_refresh_extra, granted.refresh_token->clone());
    }
    set_extra(made, candidate_id_extra, crypto::secret::copy_of(chosen.who.id));
    return made;
}

crypto::secret encode_pending_choice(connected const& waiting) {
    auto const& tokens = waiting.tokens;
    auto const& candidates = waiting.candidates.value().value();
    auto const material = encode_token_material(tokens);
    return make_blob([&](blob_writer& out) {
        out.number(format_version, 1);
        out.sized_text(material.reveal(), 4);
        write_moment(out, tokens.expires_in);
        write_moment(out, tokens.refresh_expires_in);
        write_moment(out, since_epoch(tokens.expires_at));
        write_moment(out, since_epoch(tokens.refresh_expires_at));
        out.number(tokens.scopes.size(), 2);
        for (auto const& scope : tokens.scopes) {
            out.sized_text(scope, 2);
        }
        out.sized_text(tokens.api_base, 2);
        out.number(waiting.who ? 1 : 0, 1);
        if (waiting.who) {
            write_identity(out, *waiting.who);
        }
        out.number(candidates.size(), 2);
        for (auto const& one : candidates) {
            write_identity(out, one.who);
            out.sized_text(one.kind, 2);
            out.sized_text(one.access_token.reveal(), 4);
        }
    });
}

result<connected> decode_pending_choice(crypto::secret const& material) {
    choice_reader in(material.reveal());
    if (in.number(1) != format_version) {
        return errc::damaged_token_material;
    }
    auto tokens = decode_token_material(crypto::secret::copy_of(in.text(4)));
    if (!tokens) {
        return tokens.error();
    }
    tokens->expires_in = in.moment();
    tokens->refresh_expires_in = in.moment();
    tokens->expires_at = in.moment_of_epoch();
    tokens->refresh_expires_at = in.moment_of_epoch();
    auto const scopes = in.number(2);
    for (std::uint64_t index = 0; index < scopes && !in.failed(); ++index) {
        tokens->scopes.emplace_back(in.text(2));
    }
    tokens->api_base = in.text(2);
    failure unknown;
    unknown.code = errc::platform_unavailable;
    outcome<identity> who = unknown;
    if (in.flag()) {
        who = in.person();
    }
    auto candidates = read_choices(in);
    if (!in.complete() || candidates.empty()) {
        return errc::damaged_token_material;
    }
    return connected{std::move(*tokens), std::move(who), std::move(candidates)};
}

} // namespace connectd::platforms
