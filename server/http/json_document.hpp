#pragma once

// The untyped half of JSON decoding: text -> boost::json::value with repeated members refused and size
// bounded, and the list of problems that the typed half in json.hpp fills. Pure functions, any thread.

#include <boost/assert/source_location.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::http {

// One thing that is wrong with a body.
struct field_error {
    std::string pointer; // JSON pointer (RFC 6901); empty: the whole body
    std::string
        code; // required, unknown, duplicate, wrong_type, out_of_range, not_allowed, invalid_json, too_large
    std::string message; // one sentence, safe to show: it never repeats a value
};

struct body_errors {
    std::vector<field_error> errors;
};

// For result::value() on an error; decoding code looks before it takes.
[[noreturn]] void throw_exception_from_error(body_errors const& errors, boost::source_location const& where);

template <class T>
using json_result = boost::system::result<T, body_errors>;

struct json_limits {
    std::size_t depth = 16;        // of nesting
    std::size_t elements = 10'000; // members and array elements together
};

// Parses one JSON value (RFC 8259: UTF-8, no comments, no trailing commas).
json_result<boost::json::value> parse_json(std::string_view text, json_limits const& limits = {});

// A place in a document, built while going down without allocating. Requires: the parent and the name outlive
// it.
class pointer {
  public:
    pointer() = default;
    pointer(pointer const& parent, std::string_view name) noexcept : parent_{&parent}, name_{name} {}
    pointer(pointer const& parent, std::size_t index) noexcept
        : parent_{&parent}, index_{index}, is_index_{true} {}

    std::string_view name() const noexcept { return name_; }
    std::string to_string() const;

  private:
    pointer const* parent_ = nullptr;
    std::string_view name_{};
    std::size_t index_ = 0;
    bool is_index_ = false;
};

// At most 50 problems are kept: nobody reads more, and a body could hold thousands.
class problem_list {
  public:
    void add(pointer const& at, std::string_view code, std::string message);
    body_errors take() { return {std::move(errors_)}; }

  private:
    std::vector<field_error> errors_;
};

namespace detail {

// Reports each member that is not in `known`; false when there is one.
bool refuse_unknown(boost::json::object const& object, std::vector<std::string_view> const& known,
                    pointer const& at, problem_list& problems);

} // namespace detail

} // namespace connectd::server::http
