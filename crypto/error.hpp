// The errors of crypto: one enum, one category. They are what callers can meet with bad input, a wrong key or
// damaged data; a failure of OpenSSL or libsodium themselves (no memory, a broken provider) is an exception,
// because no caller could do anything about it.
//
// Threads: everything here may be used from any thread.
#pragma once

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <type_traits>

namespace connectd::crypto {

enum class errc {
    malformed_encoding = 1, // text is not strict hex, base64 or base64url
    malformed_id,           // text or bytes are not an id of the expected type
    malformed_api_key,      // shape or checksum of an API key is wrong: no lookup is needed to refuse it
    malformed_key,          // key material is not 32 bytes
    malformed_sealed_value, // too short or too long to be a sealed value
    malformed_wrapped_key,  // not the length of a wrapped data key
    unsupported_format,     // the format version byte is one this build does not know
    no_master_key,          // a list of master keys is empty
    wrong_master_key,       // the data key was wrapped under a master key that is not in the list
    wrapped_key_refused,    // the wrapped data key is damaged, or belongs to another workspace or version
    no_data_key,            // a workspace has no data key to seal with
    duplicate_key_version,  // two data keys of one workspace claim the same version
    unknown_key_version,    // the value was sealed under a data key that the keyring does not hold
    sealed_value_refused,   // the sealed value is damaged, or belongs to another workspace, record or field
    key_exhausted,          // the data key has made as many seals as is safe: rotate it
    value_too_large,        // more bytes than one seal accepts
};

boost::system::error_category const& error_category() noexcept;

inline boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

template <class T>
using result = boost::system::result<T>;

} // namespace connectd::crypto

template <>
struct boost::system::is_error_code_enum<connectd::crypto::errc> : std::true_type {};
