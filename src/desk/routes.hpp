// The desk's part of the console API: decode, one call, encode.
#pragma once

#include "identity/guard.hpp"

namespace miniops::desk {

class Agents;
class Service;
class SettingsService;

void mount_conversations(identity::Guard& guard, Service& service, Agents& agents);
void mount_people(identity::Guard& guard, Service& service, Agents& agents);
void mount_signals(identity::Guard& guard, CustomerSignals& signals, const Clock& clock);
class Simulator;
void mount_routing(identity::Guard& guard, Simulator& simulator, const Clock& clock);
void mount_settings(identity::Guard& guard, SettingsService& settings, const Clock& clock);

}  // namespace miniops::desk
