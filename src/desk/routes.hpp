// The desk's part of the console API: decode, one call, encode.
#pragma once

#include "identity/guard.hpp"

namespace miniops::desk {

class Agents;
class Service;
class SettingsService;

void mount_conversations(identity::Guard& guard, Service& service, Agents& agents);
void mount_people(identity::Guard& guard, Service& service, Agents& agents);
void mount_supervision(identity::Guard& guard, Service& service, Agents& agents);
void mount_signals(identity::Guard& guard, Service& service, CustomerSignals& signals, const Clock& clock);
class SavedViews;
void mount_saved_views(identity::Guard& guard, SavedViews& views);
class Entrances;
void mount_entrances(identity::Guard& guard, Entrances& entrances);
class Simulator;
void mount_routing(identity::Guard& guard, Simulator& simulator, const Clock& clock);
void mount_settings(identity::Guard& guard, SettingsService& settings, const Clock& clock);
void mount_queue_help(identity::Guard& guard, SettingsService& settings, Service& service);

}  // namespace miniops::desk
