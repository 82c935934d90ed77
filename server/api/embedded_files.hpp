// What this folder serves as files, carried inside the binary, and how it is served. The tables are generated
// by tools/embed_assets.py. Thread-safe; constants and pure functions.
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"

#include <span>
#include <string_view>

namespace connectd::server::api {

struct embedded_file {
    std::string_view name; // "openapi.json"
    std::string_view content;
};

// Each sorted by name.
std::span<embedded_file const> embedded_contract() noexcept;
std::span<embedded_file const> embedded_page() noexcept;
std::span<embedded_file const> embedded_renderer() noexcept; // compressed with gzip

// The file with an ETag, or 304 for a client that has it: the files change with the binary, and the client is
// to ask each time.
http::response answer_file(embedded_file const& file, std::string_view media_type,
                           http::request const& asked);

} // namespace connectd::server::api
