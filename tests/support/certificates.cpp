#include "tests/support/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdio>
#include <stdexcept>

#include <unistd.h>

namespace connectd::tests {
namespace {

constexpr long day = 24L * 60 * 60;

template <class T>
T* must(T* value) {
    if (value == nullptr) {
        throw std::runtime_error("OpenSSL could not make a test certificate");
    }
    return value;
}

void extend(X509* certificate, int kind, std::string const& value) {
    X509_EXTENSION* const extension = must(::X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
    ::X509_add_ext(certificate, extension, -1);
    ::X509_EXTENSION_free(extension);
}

certificate_ptr unsigned_certificate(EVP_PKEY* key, char const* common_name, bool expired) {
    static std::atomic<long> serial = 1;
    certificate_ptr certificate(must(::X509_new()));
    ::X509_set_version(certificate.get(), X509_VERSION_3);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), serial++);
    ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), -2 * day);
    ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), expired ? -day : day);
    ::X509_set_pubkey(certificate.get(), key);
    ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                                 reinterpret_cast<unsigned char const*>(common_name), -1, -1, 0);
    return certificate;
}

std::string write_pem(X509* certificate) {
    std::string path = (std::filesystem::temp_directory_path() / "connectd-ca-XXXXXX").string();
    int const descriptor = ::mkstemp(path.data());
    FILE* const file = must(::fdopen(descriptor, "w"));
    ::PEM_write_X509(file, certificate);
    ::fclose(file);
    return path;
}

} // namespace

void free_key::operator()(EVP_PKEY* key) const noexcept {
    ::EVP_PKEY_free(key);
}

void free_certificate::operator()(X509* certificate) const noexcept {
    ::X509_free(certificate);
}

authority::authority() {
    self_.key.reset(must(::EVP_EC_gen("P-256")));
    self_.certificate = unsigned_certificate(self_.key.get(), "connectd test authority", false);
    X509* const certificate = self_.certificate.get();
    ::X509_set_issuer_name(certificate, ::X509_get_subject_name(certificate));
    extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate, NID_key_usage, "critical,keyCertSign");
    ::X509_sign(certificate, self_.key.get(), ::EVP_sha256());
    file_ = write_pem(certificate);
}

authority::~authority() {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

tls_identity authority::issue(std::string const& names, bool expired) const {
    tls_identity made;
    made.key.reset(must(::EVP_EC_gen("P-256")));
    made.certificate = unsigned_certificate(made.key.get(), "connectd test server", expired);
    ::X509_set_issuer_name(made.certificate.get(), ::X509_get_subject_name(self_.certificate.get()));
    extend(made.certificate.get(), NID_subject_alt_name, names);
    ::X509_sign(made.certificate.get(), self_.key.get(), ::EVP_sha256());
    return made;
}

} // namespace connectd::tests
