#include "app/told.hpp"

#include "records/erasure.hpp"
#include "records/export.hpp"

namespace miniops::app {

using webhooks::Kind;

void RecordsTold::exported(sql::Transaction& tx, const records::Export& one, TimeMs now) {
  if (!events_.wanted(one.appid, Kind::records_exported)) return;
  events_.emit(tx, {Kind::records_exported,
                    one.appid,
                    {},
                    now,
                    {{"export_id", one.id.str()},
                     {"kind", word(one.kind)},
                     {"state", word(one.state)},
                     {"format", word(one.format)},
                     {"rows", one.rows},
                     {"account_id", one.account.str()}}});
}

void RecordsTold::erased(sql::Transaction& tx, const records::Erasure& erasure, TimeMs now) {
  if (!events_.wanted(erasure.appid, Kind::records_erased)) return;
  events_.emit(tx, {Kind::records_erased,
                    erasure.appid,
                    {},
                    now,
                    {{"erasure_id", erasure.id.str()}, {"openid_hash", erasure.hash}}});
}

}  // namespace miniops::app
