// The one place where Asio is compiled (cmake/compiler.cmake asks for separate compilation): every module uses its
// coroutines. Its TLS part and Beast are compiled in net/.
#include <boost/asio/impl/src.hpp>
