#pragma once

// Strict decoding of JSON bodies into structs described with Boost.Describe:
//
//     struct create_profile { std::string name; std::optional<std::string> external_id; };
//     BOOST_DESCRIBE_STRUCT(create_profile, (), (name, external_id))
//     auto decoded = http::decode_json<create_profile>(request.body);
//     if (!decoded) { ... decoded.error().errors ... }
//
// A member is required unless it is a std::optional, for which null means absent; in an optional of an
// optional null is there and means nothing, which is how a change takes a value away. Unknown and repeated
// members are errors, so that a typo cannot pass. All problems of a body are reported together, each with its
// place.
//
// Member types: bool, integers (range checked; 1.0 is no integer), double, std::string, std::optional,
// std::vector, std::map<std::string, std::string>, boost::json::object for free-form data, described structs
// and described enums (by name). Secrets arrive as strings; whoever decodes one moves it into a secret at
// once. Pure functions, any thread.

#include "server/http/json_document.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace connectd::server::http {

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

// Each reads `from` into `to`, or adds to `problems` with `at` as the place; false when it did.
bool read(boost::json::value const& from, bool& to, pointer const& at, problem_list& problems);
bool read(boost::json::value const& from, double& to, pointer const& at, problem_list& problems);
bool read(boost::json::value const& from, std::string& to, pointer const& at, problem_list& problems);
bool read(boost::json::value const& from, boost::json::object& to, pointer const& at, problem_list& problems);
bool read(boost::json::value const& from, std::map<std::string, std::string>& to, pointer const& at,
          problem_list& problems);
bool read_signed(boost::json::value const& from, std::int64_t& to, std::int64_t lowest, std::int64_t highest,
                 pointer const& at, problem_list& problems);
bool read_unsigned(boost::json::value const& from, std::uint64_t& to, std::uint64_t highest,
                   pointer const& at, problem_list& problems);
void wrong_type(std::string_view expected, boost::json::value const& found, pointer const& at,
                problem_list& problems);
void not_allowed(std::vector<std::string_view> const& names, pointer const& at, problem_list& problems);

template <class T>
    requires(!std::is_enum_v<T> && boost::describe::has_describe_members<T>::value)
bool read(boost::json::value const& from, T& to, pointer const& at, problem_list& problems);

template <std::integral T>
    requires(!std::same_as<T, bool>)
bool read(boost::json::value const& from, T& to, pointer const& at, problem_list& problems) {
    if constexpr (std::is_signed_v<T>) {
        std::int64_t wide = 0;
        if (!read_signed(from, wide, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), at,
                         problems)) {
            return false;
        }
        to = static_cast<T>(wide);
    } else {
        std::uint64_t wide = 0;
        if (!read_unsigned(from, wide, std::numeric_limits<T>::max(), at, problems)) {
            return false;
        }
        to = static_cast<T>(wide);
    }
    return true;
}

template <class T>
    requires std::is_enum_v<T>
bool read(boost::json::value const& from, T& to, pointer const& at, problem_list& problems) {
    if (!from.is_string()) {
        wrong_type("a string", from, at, problems);
        return false;
    }
    std::vector<std::string_view> names;
    bool found = false;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
        names.emplace_back(enumerator.name);
        if (std::string_view{from.get_string()} == enumerator.name) {
            to = enumerator.value;
            found = true;
        }
    });
    if (!found) {
        not_allowed(names, at, problems);
    }
    return found;
}

template <class T>
bool read(boost::json::value const& from, std::vector<T>& to, pointer const& at, problem_list& problems) {
    if (!from.is_array()) {
        wrong_type("an array", from, at, problems);
        return false;
    }
    auto const& elements = from.get_array();
    bool good = true;
    to.reserve(elements.size());
    for (std::size_t index = 0; index < elements.size(); ++index) {
        T element{};
        good = read(elements[index], element, pointer{at, index}, problems) && good;
        to.push_back(std::move(element));
    }
    return good;
}

// One member of a described struct.
template <class T>
bool read_member(boost::json::object const& from, T& to, pointer const& at, problem_list& problems) {
    auto const* value = from.if_contains(at.name());
    if constexpr (is_optional<T>) {
        if (value == nullptr) {
            return true;
        }
        if constexpr (is_optional<typename T::value_type>) {
            auto& inner = to.emplace();
            return value->is_null() || read(*value, inner.emplace(), at, problems);
        } else {
            return value->is_null() || read(*value, to.emplace(), at, problems);
        }
    } else {
        if (value == nullptr) {
            problems.add(at, "required", "This field is required.");
            return false;
        }
        return read(*value, to, at, problems);
    }
}

template <class T>
    requires(!std::is_enum_v<T> && boost::describe::has_describe_members<T>::value)
bool read(boost::json::value const& from, T& to, pointer const& at, problem_list& problems) {
    using members =
        boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
    if (!from.is_object()) {
        wrong_type("an object", from, at, problems);
        return false;
    }
    auto const& object = from.get_object();
    bool good = true;
    std::vector<std::string_view> known;
    boost::mp11::mp_for_each<members>([&](auto member) {
        known.emplace_back(member.name);
        good = read_member(object, to.*member.pointer, pointer{at, known.back()}, problems) && good;
    });
    return refuse_unknown(object, known, at, problems) && good;
}

} // namespace detail

// Decodes a value that was parsed before, e.g. a part of a free-form object.
template <class T>
json_result<T> decode_value(boost::json::value const& from) {
    T to{};
    problem_list problems;
    if (!detail::read(from, to, pointer{}, problems)) {
        return problems.take();
    }
    return to;
}

// Errors: as the list says; a body that is not JSON, nests too deeply or has too many elements is one error
// whose message names the position.
template <class T>
json_result<T> decode_json(std::string_view text, json_limits const& limits = {}) {
    auto document = parse_json(text, limits);
    if (!document) {
        return document.error();
    }
    return decode_value<T>(*document);
}

} // namespace connectd::server::http
