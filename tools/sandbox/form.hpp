// Queries and bodies in application/x-www-form-urlencoded, read strictly: a wrong escape spoils the whole,
// and a name that comes twice is reported, because RFC 6749 section 3.1 forbids it and real authorization
// servers refuse it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::sandbox {

class form {
  public:
    // Nothing when an escape is malformed.
    static std::optional<form> parse(std::string_view encoded);

    // Behind those that are there already; `get` finds the first of a name.
    void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }

    // The value of `name`, empty when it is absent: the platforms treat both alike. The view lives as long as
    // the form.
    std::string_view get(std::string_view name) const;
    bool has(std::string_view name) const;

    // The first name that occurs more than once, if any does.
    std::optional<std::string_view> repeated() const;

    std::vector<std::pair<std::string, std::string>> const& fields() const { return fields_; }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

// Percent escapes only; with `plus_is_space` also '+', as forms have it. Nothing when an escape is malformed.
std::optional<std::string> percent_decode(std::string_view encoded, bool plus_is_space);

// Everything but RFC 3986's unreserved characters becomes an escape.
std::string percent_encode(std::string_view text);

} // namespace connectd::sandbox
