// What the control calls and the live feed show of the other vendors; without their secrets.
#pragma once

#include "sandbox/sms.hpp"
#include "sandbox/wecom.hpp"

namespace miniops::sandbox {

json::object robot_json(const Robot& robot);
json::object wecom_app_json(const WecomApp& app);
json::object message_json(const WecomMessage& message);
json::object sms_json(const SmsMessage& message);

}  // namespace miniops::sandbox
