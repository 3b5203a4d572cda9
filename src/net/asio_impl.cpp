// The one place where Asio's TLS part and Beast are compiled (base/asio.cpp compiles Asio itself).
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
