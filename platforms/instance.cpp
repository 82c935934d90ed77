#include "platforms/instance.hpp"

#include "platforms/endpoints.hpp"
#include "platforms/http/target.hpp"

#include <algorithm>
#include <memory>

#include <idn2.h>

namespace connectd::platforms {
namespace {

// A host name has at most 253 bytes on the wire; typed in another script, with a path behind it, it may be
// longer. Beyond this it is no address of anything.
constexpr std::size_t longest_typed = 1024;
constexpr std::uint16_t https_port = 443;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool skip(std::string_view& text, std::string_view prefix) {
    bool const there =
        text.size() >= prefix.size() &&
        std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return a == lower(b); });
    if (there) {
        text.remove_prefix(prefix.size());
    }
    return there;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    auto const first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// The name as it goes on the wire (IDNA 2008 with the mapping of UTS 46: case, width, the ideographic dot);
// empty when it is no name. A name in ASCII is left alone: "xn--" labels are on the wire already.
std::string wire_name(std::string_view typed) {
    if (std::ranges::all_of(typed, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        return std::string(typed);
    }
    struct release {
        void operator()(std::uint8_t* text) const noexcept { idn2_free(text); }
    };
    std::string const terminated(typed);
    if (terminated.find('\0') != std::string::npos) {
        return "";
    }
    std::uint8_t* made = nullptr;
    auto const status = idn2_lookup_u8(reinterpret_cast<std::uint8_t const*>(terminated.c_str()), &made,
                                       IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL | IDN2_USE_STD3_ASCII_RULES);
    std::unique_ptr<std::uint8_t, release> const owner(made);
    return status == IDN2_OK ? std::string(reinterpret_cast<char const*>(made)) : std::string{};
}

bool is_label(std::string_view label) {
    constexpr std::size_t longest_label = 63; // RFC 1035 section 2.3.4
    auto const fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, fits);
}

// "localhost", or a name with a dot whose last label is not a number: what else resolves is a machine of this
// network, an address in disguise ("127.1") or a slip.
bool is_server_name(std::string_view name) {
    auto const last = name.rfind('.');
    if (last == std::string_view::npos) {
        return name == "localhost";
    }
    auto const digit = [](char c) { return c >= '0' && c <= '9'; };
    if (std::ranges::all_of(name.substr(last + 1), digit)) {
        return false;
    }
    for (std::size_t from = 0; from <= name.size();) {
        auto const dot = std::min(name.find('.', from), name.size());
        if (!is_label(name.substr(from, dot - from))) {
            return false;
        }
        from = dot + 1;
    }
    return true;
}

} // namespace

result<std::string> parse_instance(std::string_view typed) {
    auto rest = trimmed(typed);
    if (rest.size() > longest_typed) {
        return errc::invalid_instance;
    }
    bool const plain = skip(rest, "http://");
    bool const is_url = plain || skip(rest, "https://");
    auto authority = rest.substr(0, rest.find_first_of("/?#"));
    if (auto const at = authority.rfind('@'); at != std::string_view::npos) {
        // In a URL this is a user name and password, and not the handle of anybody.
        if (is_url) {
            return errc::invalid_instance;
        }
        authority.remove_prefix(at + 1);
    }
    auto const colon = authority.ends_with(']') ? std::string_view::npos : authority.rfind(':');
    auto const port = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon);
    auto url = std::string(plain ? "http://" : "https://") + wire_name(authority.substr(0, colon));
    auto const where = http::parse_target(url.append(port));
    if (!where || !where->resource.empty() || (!where->literal && !is_server_name(where->host))) {
        return errc::invalid_instance;
    }
    bool const v6 = where->literal && where->literal->is_v6();
    auto origin = "https://" + (v6 ? "[" + where->host + "]" : where->host);
    if (!where->default_port && where->port != https_port) {
        origin += ":" + std::to_string(where->port);
    }
    return origin;
}

descriptor at_instance(descriptor const& platform, std::string_view origin) {
    auto there = platform;
    there.user_given = true;
    auto const place = [origin](std::string& url) {
        if (url.starts_with(instance_base)) {
            url.replace(0, instance_base.size(), origin);
        }
    };
    for (auto const& [name, url] : endpoint_members) {
        place(there.endpoints.*url);
    }
    for (auto& [name, url] : there.endpoints.named) {
        place(url);
    }
    return there;
}

} // namespace connectd::platforms
