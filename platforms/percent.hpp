// The text of OAuth requests: two encodings, and lists. Functions only; callable from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace connectd::platforms {

// RFC 3986: everything but unreserved characters becomes %XX; a space is %20.
void append_percent_encoded(std::string& out, std::string_view text);

// application/x-www-form-urlencoded as the WHATWG URL standard serialises it: a space is a plus.
void append_form_encoded(std::string& out, std::string_view text);

// Adds `name=value` to a query, with ? or & as needed, percent-encoded.
void append_query(std::string& url, std::string_view name, std::string_view value);

// Adds `name=value` to a form body, form-encoded.
void append_form(std::string& body, std::string_view name, std::string_view value);

// The items of a list as one value: scopes, fields.
std::string joined(std::vector<std::string> const& items, std::string_view separator);

} // namespace connectd::platforms
