// The command line. Everything else is in app/.
#include "app/command_line.hpp"

int main(int argc, char** argv) { return miniops::app::run(argc, argv); }
