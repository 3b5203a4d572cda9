// The messages that customers leave.
#include "desk/errors.hpp"
#include "desk/service.hpp"

namespace miniops::desk {

Task<Result<LeftMessageView>> Service::left_message(Access access, ConversationId id) {
  const ReadScope scope = scope_of(access);
  auto read = [=](sql::Transaction& tx) -> Result<LeftMessageView> {
    const auto conversation = store::find_conversation(tx, id);
    if (!conversation || conversation->appid != access.appid()) return fail(errors::not_found("conversation"));
    if (auto may = may_read(scope, *conversation); !may) return std::unexpected(may.error());
    auto left = store::find_left_message(tx, id);
    if (!left || left->state != LeaveState::left || conversation->left_due_at == 0)
      return fail(errors::not_found("left message"));
    LeftMessageView view{*left, {}, 0, conversation->left_due_at};
    view.message = store::find_message(tx, view.left.message);
    if (view.message && view.message->msgtype == erased_type) view.message.reset();
    if (is_left_message(*conversation)) view.returns_at = conversation->parked_until;
    return view;
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::desk
