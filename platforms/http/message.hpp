// One outbound request and its answer, as plain values. The values own their bytes and may move between
// threads.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::platforms::http {

using header_list = std::vector<std::pair<std::string, std::string>>;

// Names of header fields compare without case (RFC 9110 section 5.1).
bool same_name(std::string_view left, std::string_view right) noexcept;

struct request {
    // Case-sensitive, as on the wire: "GET", "POST".
    std::string method = "GET";
    // Absolute http or https URL, already percent-encoded; path and query go out byte for byte, a fragment
    // stays here.
    std::string url = {};
    // Path and query to send in place of the URL's, where they come from elsewhere and may hold bytes that an
    // URL may not: the URL alone decides where the request goes.
    std::string target = {};
    // Sent in this order. The client itself writes Host, Content-Length and Connection and refuses a request
    // that brings one of these, Transfer-Encoding, Expect, Upgrade, TE, Trailer or Keep-Alive along. A
    // User-Agent is added if absent.
    header_list headers = {};
    std::string body = {};
    // Bytes of body accepted in the answer; more is errc::response_too_large.
    std::size_t max_response_body = 1024 * 1024;
    // True for a URL that a user or customer chose, directly or through a document of theirs: the address
    // policy applies.
    bool user_given_url = false;
};

struct response {
    unsigned status = 0;
    // In the order received, names in the server's spelling. Trailer fields are dropped.
    header_list headers = {};
    std::string body = {};

    // The first header of that name, in any case; empty when there is none. Valid as long as the response.
    std::string_view header(std::string_view name) const noexcept;
};

} // namespace connectd::platforms::http
