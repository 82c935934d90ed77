// Typed ids: 48 bits of milliseconds since 1970, then 80 random bits, so that ids sort by time and nobody can
// guess one from another. As text: a prefix that names the type, `_`, and 26 characters of Crockford's base32
// in upper case (`acc_01JD2W...`). An account_id is not a profile_id: mixing them up does not compile, and
// parsing one as the other fails.
//
// Threads: values, any thread. Ids made within one millisecond are in no particular order.
#pragma once

#include "crypto/error.hpp"

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstring>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

namespace connectd::crypto {

using id_bytes = std::array<char, 16>;
using id_time = std::chrono::sys_time<std::chrono::milliseconds>;

// What all id types share; use the `id` class.
id_bytes make_id_bytes(id_time now);
result<id_bytes> parse_id_bytes(std::string_view prefix, std::string_view text);
result<id_bytes> id_bytes_from_raw(std::string_view raw);
std::string print_id_bytes(std::string_view prefix, id_bytes const& value);
id_time id_bytes_time(id_bytes const& value) noexcept;

template <class Tag>
class id {
  public:
    // The nil id: 16 zero bytes. It stands for "none" and is never made.
    constexpr id() noexcept = default;

    // Throws std::out_of_range for a time before 1970 or after the year 10889, which 48 bits cannot hold.
    static id make(id_time now) { return id(make_id_bytes(now)); }

    // Errors: errc::malformed_id for anything but what to_string prints: another prefix, lower case, another
    // length.
    static result<id> parse(std::string_view text) { return wrap(parse_id_bytes(Tag::prefix, text)); }

    // Errors: errc::malformed_id unless there are exactly 16 bytes.
    static result<id> from_raw(std::string_view raw) { return wrap(id_bytes_from_raw(raw)); }

    std::string to_string() const { return print_id_bytes(Tag::prefix, value_); }

    // The 16 bytes; they compare as the ids do, which makes them storage keys. Valid as long as the id.
    std::string_view raw() const noexcept { return {value_.data(), value_.size()}; }

    id_time created_at() const noexcept { return id_bytes_time(value_); }
    bool is_nil() const noexcept { return *this == id(); }

    friend bool operator==(id const& left, id const& right) noexcept { return left.value_ == right.value_; }
    friend std::strong_ordering operator<=>(id const& left, id const& right) noexcept {
        // char may be signed; memcmp compares as the storage does.
        return std::memcmp(left.value_.data(), right.value_.data(), left.value_.size()) <=> 0;
    }
    friend std::ostream& operator<<(std::ostream& out, id const& value) { return out << value.to_string(); }

  private:
    explicit id(id_bytes const& value) noexcept : value_(value) {}

    static result<id> wrap(result<id_bytes> const& value) {
        if (!value)
            return value.error();
        return id(*value);
    }

    id_bytes value_{};
};

struct workspace_tag {
    static constexpr std::string_view prefix = "wsp";
};
struct api_key_tag {
    static constexpr std::string_view prefix = "key";
};
struct credentials_tag {
    static constexpr std::string_view prefix = "app";
};
struct profile_tag {
    static constexpr std::string_view prefix = "prof";
};
struct session_tag {
    static constexpr std::string_view prefix = "cs";
};
struct account_tag {
    static constexpr std::string_view prefix = "acc";
};
struct token_tag {
    static constexpr std::string_view prefix = "tok";
};
struct event_tag {
    static constexpr std::string_view prefix = "evt";
};
struct webhook_tag {
    static constexpr std::string_view prefix = "whk";
};
struct operator_tag {
    static constexpr std::string_view prefix = "op";
};

using workspace_id = id<workspace_tag>;
using api_key_id = id<api_key_tag>;
using credentials_id = id<credentials_tag>;
using profile_id = id<profile_tag>;
using session_id = id<session_tag>;
using account_id = id<account_tag>;
using token_id = id<token_tag>;
using event_id = id<event_tag>;
using webhook_id = id<webhook_tag>;
using operator_id = id<operator_tag>;

} // namespace connectd::crypto

template <class Tag>
struct std::hash<connectd::crypto::id<Tag>> {
    std::size_t operator()(connectd::crypto::id<Tag> const& value) const noexcept {
        // The last bytes are random already.
        std::size_t hash = 0;
        std::memcpy(&hash, value.raw().data() + value.raw().size() - sizeof hash, sizeof hash);
        return hash;
    }
};
