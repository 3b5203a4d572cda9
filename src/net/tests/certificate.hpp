// A self-signed certificate for tests, in files that go with it.
#pragma once

#include <string>

namespace miniops::net::testing {

struct CertificateFiles {
  std::string folder;
  std::string certificate;
  std::string key;
  CertificateFiles() = default;
  CertificateFiles(CertificateFiles&&) noexcept = default;
  CertificateFiles& operator=(CertificateFiles&&) noexcept = default;
  ~CertificateFiles();
};

// `address` becomes the certificate's subjectAltName (an IP address).
CertificateFiles make_certificate(const std::string& address);

}  // namespace miniops::net::testing
