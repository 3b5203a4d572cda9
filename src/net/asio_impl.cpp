// The one place where Asio's TLS part and Beast are compiled (cmake/compiler.cmake asks for separate compilation).
// The rest of Asio is compiled in base/.
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
