#include "platforms/token_material.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

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

class writer {
  public:
    explicit writer(std::span<std::uint8_t> room) : room_(room) {}

    void number(std::size_t value, std::size_t width) {
        for (std::size_t index = width; index-- > 0;) {
            room_[at_++] = static_cast<std::uint8_t>(value >> (8 * index));
        }
    }
    void text(std::string_view value) {
        if (!value.empty()) {
            std::memcpy(room_.data() + at_, value.data(), value.size());
        }
        at_ += value.size();
    }

  private:
    std::span<std::uint8_t> room_;
    std::size_t at_ = 0;
};

class reader {
  public:
    explicit reader(std::string_view rest) : rest_(rest) {}

    std::optional<std::size_t> number(std::size_t width) {
        auto const bytes = text(width);
        if (!bytes) {
            return std::nullopt;
        }
        std::size_t value = 0;
        for (char const c : *bytes) {
            value = (value << 8) | static_cast<std::uint8_t>(c);
        }
        return value;
    }
    std::optional<std::string_view> text(std::size_t size) {
        if (rest_.size() < size) {
            return std::nullopt;
        }
        auto const taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    // A text that its own length precedes.
    std::optional<std::string_view> sized_text(std::size_t width) {
        auto const size = number(width);
        return size ? text(*size) : std::nullopt;
    }
    bool done() const noexcept { return rest_.empty(); }

  private:
    std::string_view rest_;
};

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
    std::size_t size = 3;
    for (auto const& item : entries) {
        size += 2 + item.name.size() + 4 + item.value.size();
    }
    auto blob = crypto::secret::of_size(size);
    writer out(blob.writable());
    out.number(format_version, 1);
    out.number(entries.size(), 2);
    for (auto const& item : entries) {
        out.number(item.name.size(), 2);
        out.text(item.name);
        out.number(item.value.size(), 4);
        out.text(item.value);
    }
    return blob;
}

result<token_set> decode_token_material(crypto::secret const& material) {
    reader in(material.reveal());
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
