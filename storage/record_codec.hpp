// One codec for all stored records: plain structs described with Boost.Describe. FORMAT.md has the bytes.
//
//     format version | number of members | (length | bytes) of each member, in the order of the description
//
// Records evolve by appending members only. An old record leaves the new members at their defaults; a newer
// one has members that an older program skips. A member is never removed, reordered or given another type.
//
// A member can be: bool, an integer, a described enum, a string, bytes, a time in milliseconds, an id, a
// sealed value, a described struct, and optional, vector or string map of these. There is no way to store a
// crypto::secret: it is no record_field, so encoding a record that holds one does not compile.
//
// Pure functions, callable from any thread.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/id.hpp"
#include "crypto/sealed.hpp"
#include "storage/error.hpp"
#include "storage/key_codec.hpp"
#include "storage/record_wire.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace connectd::storage {

inline constexpr std::uint8_t record_format = 1;

namespace codec {

template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_any_access>;

template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<crypto::id<Tag>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = !std::same_as<T, std::uint8_t>;

template <class T>
inline constexpr bool is_string = std::same_as<T, std::string>;
template <class T>
inline constexpr bool is_bytes = std::same_as<T, crypto::bytes>;
template <class T>
inline constexpr bool is_time = std::same_as<T, sys_ms>;
template <class T>
inline constexpr bool is_sealed = std::same_as<T, crypto::sealed>;
template <class T>
inline constexpr bool is_string_map = std::same_as<T, std::map<std::string, std::string>>;

template <class T>
consteval bool can_describe_enum() {
    if constexpr (std::is_enum_v<T>)
        return boost::describe::has_describe_enumerators<T>::value;
    else
        return false;
}

template <class T>
consteval bool can_describe_struct() {
    if constexpr (std::is_class_v<T>)
        return boost::describe::has_describe_members<T>::value;
    else
        return false;
}

template <class T>
consteval bool is_field();

template <class T>
consteval bool all_members_are_fields() {
    bool all = true;
    boost::mp11::mp_for_each<members_of<T>>([&](auto member) {
        all = all && is_field<std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>>();
    });
    return all;
}

template <class T>
consteval bool is_field() {
    if constexpr (is_optional<T> || is_vector<T>)
        return is_field<typename T::value_type>();
    else if constexpr (can_describe_struct<T>())
        return all_members_are_fields<T>();
    else
        return std::integral<T> || can_describe_enum<T>() || is_string<T> || is_bytes<T> || is_time<T> ||
               is_id<T> || is_sealed<T> || is_string_map<T>;
}

} // namespace codec

// A type that a record may hold.
template <class T>
concept record_field = codec::is_field<T>();

// A described struct of such types: what a row can be.
template <class T>
concept record_type = codec::can_describe_struct<T>() && record_field<T>;

namespace codec {

template <class T>
void append_value(std::string& out, T const& value);

template <class T>
void append_members(std::string& out, T const& value) {
    wire::append_varint(out, boost::mp11::mp_size<members_of<T>>::value);
    boost::mp11::mp_for_each<members_of<T>>(
        [&](auto member) { wire::append_sized(out, [&] { append_value(out, value.*member.pointer); }); });
}

// A value alone does not say where it ends: whoever reads it knows, from the length before it.
template <class T>
void append_value(std::string& out, T const& value) {
    if constexpr (std::same_as<T, bool>) {
        out.push_back(value ? '\1' : '\0');
    } else if constexpr (std::signed_integral<T>) {
        wire::append_varint(out, wire::fold(value));
    } else if constexpr (std::unsigned_integral<T>) {
        wire::append_varint(out, value);
    } else if constexpr (can_describe_enum<T>()) {
        append_value(out, static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (is_string<T>) {
        out.append(value);
    } else if constexpr (is_bytes<T>) {
        out.append(crypto::as_text(value));
    } else if constexpr (is_time<T>) {
        wire::append_varint(out, wire::fold(value.time_since_epoch().count()));
    } else if constexpr (is_id<T>) {
        out.append(value.raw());
    } else if constexpr (is_sealed<T>) {
        out.append(crypto::as_text(value.encode()));
    } else if constexpr (is_optional<T>) {
        if (value) {
            out.push_back('\1');
            append_value(out, *value);
        }
    } else if constexpr (is_vector<T>) {
        wire::append_varint(out, value.size());
        for (typename T::value_type const& element : value)
            wire::append_sized(out, [&] { append_value(out, element); });
    } else if constexpr (is_string_map<T>) {
        wire::append_varint(out, value.size());
        for (auto const& [key, mapped] : value) {
            wire::append_sized(out, [&] { out.append(key); });
            wire::append_sized(out, [&] { out.append(mapped); });
        }
    } else {
        append_members(out, value);
    }
}

template <class T>
bool read_value(std::string_view bytes, T& value);

template <class T>
bool read_number(std::string_view bytes, T& value) {
    wire::reader input(bytes);
    std::uint64_t number = 0;
    if (!input.varint(number) || !input.done())
        return false;
    if constexpr (std::signed_integral<T>) {
        auto const plain = wire::unfold(number);
        if (plain < std::numeric_limits<T>::min() || plain > std::numeric_limits<T>::max())
            return false;
        value = static_cast<T>(plain);
    } else {
        if (number > std::numeric_limits<T>::max())
            return false;
        value = static_cast<T>(number);
    }
    return true;
}

template <class T>
bool read_enum(std::string_view bytes, T& value) {
    std::underlying_type_t<T> number{};
    if (!read_number(bytes, number))
        return false;
    bool known = false;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto enumerator) { known = known || enumerator.value == static_cast<T>(number); });
    value = static_cast<T>(number);
    return known;
}

template <class T>
bool read_vector(std::string_view bytes, std::vector<T>& value) {
    wire::reader input(bytes);
    std::uint64_t count = 0;
    if (!input.count(count))
        return false;
    value.clear();
    for (std::string_view field; count > 0; --count) {
        T element{};
        if (!input.sized(field) || !read_value(field, element))
            return false;
        value.push_back(std::move(element));
    }
    return input.done();
}

bool read_string_map(std::string_view bytes, std::map<std::string, std::string>& value);

// Fewer members than the struct has leave the rest as they are; more are checked to be whole and skipped.
template <class T>
bool read_members(std::string_view bytes, T& value) {
    wire::reader input(bytes);
    std::uint64_t present = 0;
    if (!input.count(present))
        return false;
    bool good = true;
    boost::mp11::mp_for_each<members_of<T>>([&](auto member) {
        if (!good || present == 0)
            return;
        --present;
        std::string_view field;
        good = input.sized(field) && read_value(field, value.*member.pointer);
    });
    for (std::string_view skipped; good && present > 0; --present)
        good = input.sized(skipped);
    return good && input.done();
}

template <class T>
bool read_value(std::string_view bytes, T& value) {
    if constexpr (std::same_as<T, bool>) {
        value = bytes == std::string_view("\1", 1);
        return value || bytes == std::string_view("\0", 1);
    } else if constexpr (std::integral<T>) {
        return read_number(bytes, value);
    } else if constexpr (can_describe_enum<T>()) {
        return read_enum(bytes, value);
    } else if constexpr (is_string<T>) {
        value.assign(bytes);
        return true;
    } else if constexpr (is_bytes<T>) {
        auto const view = crypto::as_bytes(bytes);
        value.assign(view.begin(), view.end());
        return true;
    } else if constexpr (is_time<T>) {
        std::int64_t count = 0;
        bool const good = read_number(bytes, count);
        value = sys_ms(std::chrono::milliseconds(count));
        return good;
    } else if constexpr (is_id<T>) {
        auto const id = T::from_raw(bytes);
        if (id)
            value = *id;
        return id.has_value();
    } else if constexpr (is_sealed<T>) {
        auto sealed = crypto::sealed::decode(crypto::as_bytes(bytes));
        if (sealed)
            value = std::move(*sealed);
        return sealed.has_value();
    } else if constexpr (is_optional<T>) {
        value.reset();
        return bytes.empty() || (bytes.front() == '\1' && read_value(bytes.substr(1), value.emplace()));
    } else if constexpr (is_vector<T>) {
        return read_vector(bytes, value);
    } else if constexpr (is_string_map<T>) {
        return read_string_map(bytes, value);
    } else {
        return read_members(bytes, value);
    }
}

} // namespace codec

template <record_type T>
std::string encode_record(T const& record) {
    std::string out;
    out.push_back(static_cast<char>(record_format));
    codec::append_members(out, record);
    return out;
}

// Errors: corrupt_record for anything that encode_record of this or another version of T cannot have written.
template <record_type T>
result<T> decode_record(std::string_view bytes) {
    T record{};
    if (bytes.empty() || bytes.front() != static_cast<char>(record_format) ||
        !codec::read_members(bytes.substr(1), record))
        return errc::corrupt_record;
    return record;
}

} // namespace connectd::storage
