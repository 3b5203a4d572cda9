// Asks customers whether they were content, and files what they reply. Who is asked, and what a reply means, is decided
// by src/satisfaction; here is what it takes to send the question and to keep the reply out of everybody's way.
#pragma once

#include "desk/channel.hpp"
#include "desk/config.hpp"
#include "desk/conversation.hpp"
#include "people/directory.hpp"
#include "satisfaction/surveys.hpp"

namespace miniops::desk {

class Recorder;

// Safe from any thread: it holds nothing that changes.
class Ratings {
 public:
  struct Collaborators {
    IdSource& ids;
    const Channels& channels;
    const Configs& configs;
    const satisfaction::Surveys& surveys;
    const people::Directory& directory;
  };
  explicit Ratings(const Collaborators& with) : with_(with) {}

  // Of a conversation that has just been closed, after whatever else is said at its end. The caller stores the
  // conversation, and hushes the news of the budget.
  void closed(sql::Transaction& tx, Recorder& recorder, Thread& thread, Conversation& conversation, TimeMs now) const;
  // What became of a message, when it was a question.
  void delivered(sql::Transaction& tx, const Message& message, const gateway::DeliveryUpdate& update) const;
  // A text of a customer whose conversations are all closed.
  satisfaction::Heard heard(sql::Transaction& tx, const Thread& thread, std::string_view text, TimeMs at) const;
  // For the person's own export; nullopt: nothing. base.seal_broken
  Result<std::optional<satisfaction::Statement>> said(sql::Transaction& tx, ConversationId id) const;
  void forget(sql::Transaction& tx, people::ProfileId profile) const;

 private:
  void ask(sql::Transaction& tx, Recorder& recorder, Thread& thread, Conversation& conversation,
           const satisfaction::Question& question, TimeMs now) const;

  const Collaborators with_;
};

// Whether what the customer said belongs to the closed conversation that it is about, and to nobody's inbox.
bool is_filed(const satisfaction::Heard& heard);
// Marks the message as what was said of a conversation; its summary. With anonymous scores nothing of it is left.
std::string mark_as_reply(Message& message, const satisfaction::Heard& heard, std::string summary);
// nullopt: nothing that anybody would look for. The score itself is noted by Scores, however it was given.
std::optional<Event> event_of(const satisfaction::Heard& heard, const Actor& customer);

}  // namespace miniops::desk
