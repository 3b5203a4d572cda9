// One mail over one connection: drives Smtp (channels/smtp.hpp) with a line stream.
#pragma once

#include "base/task.hpp"
#include "net/address_guard.hpp"
#include "notify/channels/smtp.hpp"

namespace miniops::notify {

// At most two minutes. `guard` must outlive the call; nullptr: any address.
Task<Attempted> send_mail(Email email, std::string password, std::string mail, const net::AddressGuard* guard);

}  // namespace miniops::notify
