#include "platforms/token_material.hpp"

#include "platforms/blob.hpp"

#include <cstdint>

namespace connectd::platforms {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::string_view access_name = "access_token";
constexpr std::string_view refresh_name = "refresh_token";
constexpr std::string_view type_name = "token_type";
constexpr std::string_view extra_prefix = "x:";

struct entry {
    std::string name;
    std::string_view value;
};

std::vector<entry> entries_of(token_set const& tokens) {
    std::vector<entry> entries;
    entries.push_back({std::string(access_name), tokens.access_token.reveal()});
    if (tokens.refresh_token) {
        entries.push_back({std::string(refresh_name), tokens.refresh_token->reveal()});
    }
    if (!tokens.token_type.empty()) {
        entries.push_back({std::string(type_name), tokens.token_type});
    }
    for (auto const& [name, value] : tokens.extras) {
        entries.push_back({std::string(extra_prefix) + name, value.reveal()});
    }
    return entries;
}

void place(token_set& tokens, std::string_view name, std::string_view value) {
    if (name == access_name) {
        tokens.access_token = crypto::secret::copy_of(value);
    } else if (name == refresh_name) {
        tokens.refresh_token = crypto::secret::copy_of(value);
    } else if (name == type_name) {
        tokens.token_type = value;
    } else if (name.starts_with(extra_prefix)) {
        tokens.extras.emplace_back(name.substr(extra_prefix.size()), crypto::secret::copy_of(value));
    }
}

} // namespace

crypto::secret encode_token_material(token_set const& tokens) {
    auto const entries = entries_of(tokens);
    return make_blob([&](blob_writer& out) {
        out.number(format_version, 1);
        out.number(entries.size(), 2);
        for (auto const& item : entries) {
            out.sized_text(item.name, 2);
            out.sized_text(item.value, 4);
        }
    });
}

result<token_set> decode_token_material(crypto::secret const& material) {
    blob_reader in(material.reveal());
    if (in.number(1) != format_version) {
        return errc::damaged_token_material;
    }
    auto const count = in.number(2);
    if (!count) {
        return errc::damaged_token_material;
    }
    token_set tokens;
    for (std::size_t index = 0; index < *count; ++index) {
        auto const name = in.sized_text(2);
        auto const value = name ? in.sized_text(4) : std::nullopt;
        if (!value) {
            return errc::damaged_token_material;
        }
        place(tokens, *name, *value);
    }
    if (!in.done() || tokens.access_token.empty()) {
        return errc::damaged_token_material;
    }
    return tokens;
}

} // namespace connectd::platforms
