// Lines as well-known programs write them, made up for this test. Each row is what one statement of the program wrote:
// one template, which no other row may have.
#include <gtest/gtest.h>

#include <map>

#include "logs/templates/miner.hpp"

namespace miniops::logs {
namespace {

using Statement = std::vector<std::string_view>;
struct Style {
  std::string_view name;
  std::vector<Statement> statements;
};

const Style styles[] = {
    {"web server",
     {{"jk2_init() Found child 6725 in scoreboard slot 10", "jk2_init() Found child 8 in scoreboard slot 7"},
      {"jk2_init() Can't find child 5388 in scoreboard", "jk2_init() Can't find child 53 in scoreboard"},
      {"workerEnv.init() ok /etc/httpd/conf/workers2.properties"},
      {"mod_jk child workerEnv in error state 6", "mod_jk child workerEnv in error state 10"},
      {"[client 64.242.88.10] Directory index forbidden by rule: /var/www/html/",
       "[client 1.2.3.4] Directory index forbidden by rule: /srv/"}}},
    {"supercomputer",
     {{"generating core.2275", "generating core.17"},
      {"CE sym 2, at 0x0b85eee0, mask 0x05", "CE sym 20, at 0x1438f9e0, mask 0x40"},
      {"141 double-hummer alignment exceptions", "7 double-hummer alignment exceptions"},
      {"9 floating point alignment exceptions"},
      {"2 torus receiver x+ input pipe error(s) (dcr 0x02ec) detected and corrected"},
      {"1 torus receiver y+ input pipe error(s) (dcr 0x02ed) detected and corrected"},
      {"2 torus receiver z- input pipe error(s) (dcr 0x02f1) detected and corrected"},
      {"byte ordering exception.....................0", "byte ordering exception.....................1"},
      {"auxiliary processor.........................0"},
      {"debug wait enable.....0"},
      {"debug interrupt enable.....0"},
      {"data TLB error interrupt"},
      {"data storage interrupt"},
      {"data address: 0x00000002", "data address: 0x1f8"},
      {"instruction address: 0x00004ed8"},
      {"r0=0x0 r1=0x1 r2=0x2 r3=0x3", "r0=0x9 r1=0x8 r2=0x7 r3=0x6"},
      {"r4=0x0 r5=0x1 r6=0x2 r7=0x3"},
      {"ciod: LOGIN chdir(/p/gb1/2183) failed: No such file or directory",
       "ciod: LOGIN chdir(/home/a) failed: No such file or directory"},
      {"ciod: LOGIN chdir(/p/gb1/2183) failed: Input/output error"},
      {"ido chip status changed: FF:F2:9F:16:EB:67 ip=10.2.2.2 v=13 t=4 status=M Sat Jun 11 13:09:20 PDT 2005",
       "ido chip status changed: 00:02:9F:16:EB:67 ip=10.2.2.3 v=3 t=4 status=M Sun Aug 1 03:09:20 PDT 2005"}}},
    {"cluster",
     {{"Fan speeds ( 3552 3534 3375 4245 3515 3479 )", "Fan speeds ( 3552 **** 3375 4245 **** 3479 )"},
      {"inconsistent nodesets node-31 0x1ffe <ok> node-0 0xfe <ok> node-1 0xffe <ok>",
       "inconsistent nodesets node-7 0x1e <ok>"},
      {"PSU status ( on on )"},
      {"PSU status ( on off )"},
      {"boot (command 3354)", "boot (command 12)"},
      {"halt (command 3354)"},
      {"Temperature (42C) exceeds warning threshold", "Temperature (7C) exceeds warning threshold"},
      {"Targeting domains:node-D1 and nodes:node-[40-63] child of command 2312",
       "Targeting domains:node-D2 and nodes:node-17 child of command 3"}}},
    {"map and reduce",
     {{"attempt_1445144423722_0020_m_000001_0 TaskAttempt Transitioned from NEW to UNASSIGNED",
       "attempt_1445144423722_0020_r_000001_1 TaskAttempt Transitioned from NEW to UNASSIGNED"},
      {"attempt_1445144423722_0020_m_000001_0 TaskAttempt Transitioned from UNASSIGNED to ASSIGNED"},
      {"attempt_1445144423722_0020_m_000001_0 TaskAttempt Transitioned from ASSIGNED to RUNNING"},
      {"attempt_1445144423722_0020_m_000001_0 TaskAttempt Transitioned from RUNNING to SUCCEEDED"},
      {"Progress of TaskAttempt attempt_1445144423722_0020_m_000001_0 is : 0.1",
       "Progress of TaskAttempt attempt_1445144423722_0020_m_000002_0 is : 1.0"},
      {"Failed to renew lease for [DFSClient_NONMAPREDUCE_1537864556_1] for 57 seconds.  Will retry shortly ...",
       "Failed to renew lease for [DFSClient_NONMAPREDUCE_-3_1] for 1 second.  Will retry shortly ..."},
      {"Resolved MSRA-SA-41.fareast.corp.example.com to /default-rack",
       "Resolved 04DN8IQ.fareast.corp.example.com to /default-rack"},
      {"Recalculating schedule, headroom=<memory:0, vCores:-27>",
       "Recalculating schedule, headroom=<memory:10240, vCores:1>"}}},
    {"wearable",
     {{"onStandStepChanged 3579", "onStandStepChanged 1"},
      {"onExtend:1514038530000 14 0 4", "onExtend:1514038590000 17 1 40"},
      {"getTodayTotalDetailSteps = 1514038440000##6993##548365##8661", "getTodayTotalDetailSteps = 15140##7##5##86"},
      {"setTodayTotalDetailSteps=1514038440000##7007##549071##8669"},
      {"calculateCaloriesWithCache totalCalories=126775", "calculateCaloriesWithCache totalCalories=0"},
      {"calculateAltitudeWithCache totalAltitude=240"},
      {"REPORT : 7007 5002 150089 240", "REPORT : 7008 5003 150111 0"}}},
    {"host",
     {{"session opened for user cyrus by (uid=0)", "session opened for user news by (uid=0)",
       "session opened for user test by (uid=509)", "session opened for user root by (uid=0)"},
      {"session closed for user cyrus", "session closed for user news", "session closed for user test",
       "session closed for user root"},
      {"authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=218.188.2.4",
       "authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=d211-116-254-214.rev.krline.net"},
      {"authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=218.188.2.4  user=root"},
      {"connection from 24.54.76.216 (24-54-76-216.bflony.adelphia.net) at Fri Jun 17 07:07:00 2005",
       "connection from 82.252.162.81 (lns-vlq-45-tou.adsl.proxad.net) at Sun Jul 3 23:16:09 2005"},
      {"syslogd startup succeeded"},
      {"syslogd shutdown succeeded"},
      {"cupsd startup succeeded"},
      {"ALERT exited abnormally with [1]"},
      {"CPU: L1 I cache: 16K, L1 D cache: 16K"},
      {"CPU: L2 cache: 256K"},
      {"Out of Memory: Killed process 123 (httpd).", "Out of Memory: Killed process 9 (httpd)."}}},
    {"notebook",
     {{"ARPT: 620701.011328: wl0: MDNS: 0 SRV Recs, 0 TXT Recs", "ARPT: 1.5: wl0: MDNS: 2 SRV Recs, 1 TXT Recs"},
      {"ARPT: 620701.011328: wl0: Leaving Modern Standby Sleep Mode"},
      {"ARPT: 620701.011328: AirPort_Brcm43xx::powerChange: System Sleep"},
      {"ARPT: 620701.011328: AirPort_Brcm43xx::syncPowerState: WWEN[enabled]"},
      {"AirPort: Link Up on awdl0"},
      {"AirPort: Link Up on en0"},
      {"en0: BSSID changed to 5c:50:15:36:bc:03", "en0: BSSID changed to 00:50:15:36:bc:03"},
      {"en0: channel changed to 1", "en0: channel changed to 132"},
      {"BTLE scanner Powered On"},
      {"BTLE scanner Powered Off"},
      {"nw_socket_get_input_frames recvmsg(fd 4, 1024 bytes): [57] Socket is not connected",
       "nw_socket_get_input_frames recvmsg(fd 10, 1024 bytes): [57] Socket is not connected"}}},
    {"cloud",
     {{R"(10.11.10.1 "GET /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/detail HTTP/1.1" status: 200 len: 1893 time: 0.24)",
       R"(10.11.10.2 "GET /v2/1a2b/servers HTTP/1.1" status: 404 len: 18 time: 10.2477829)"},
      {R"(10.11.10.1 "POST /v2/54fadb412c4e40cdbaed9335e4c35a9e/os-server-external-events HTTP/1.1" status: 200 len: 380)"
       R"( time: 0.09)"},
      {R"(10.11.10.1 "DELETE /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/b9000564 HTTP/1.1" status: 204 len: 203)"
       R"( time: 0.2)"},
      {"[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] VM Started (Lifecycle Event)",
       "[instance: 43204226-0c27-4542-9c56-46b6ca6a8d1d] VM Started (Lifecycle Event)"},
      {"[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] VM Paused (Lifecycle Event)"},
      {"[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] VM Resumed (Lifecycle Event)"},
      {"[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] VM Stopped (Lifecycle Event)"},
      {"[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] Took 19.84 seconds to build instance.",
       "[instance: 43204226-0c27-4542-9c56-46b6ca6a8d1d] Took 1 second to build instance."},
      {"[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] Total memory: 64172 MB, used: 512.00 MB",
       "[instance: 43204226-0c27-4542-9c56-46b6ca6a8d1d] Total memory: 64 GB, used: 2560.00 MB"}}},
    {"proxy",
     {{"proxy.cse.example.com:5070 close, 0 bytes sent, 0 bytes received, lifetime <1 sec",
       "qq.com:443 close, 403 bytes sent, 426 bytes received, lifetime 00:17",
       "1.2.3.4:80 close, 403 bytes sent, 426 bytes received, lifetime 1:00:17"},
      {"qq.com:443 close, 1190 bytes (1.16 KB) sent, 1671 bytes (1.63 KB) received, lifetime 00:02",
       "qq.com:443 close, 1190 bytes (1.16 MB) sent, 1671 bytes (1.63 KB) received, lifetime <1 sec"},
      {"qq.com:443 close, 451 bytes sent, 18846 bytes (18.4 KB) received, lifetime <1 sec"},
      {"qq.com:443 open through proxy proxy.cse.example.com:5070 HTTPS",
       "183.62.156.108:22 open through proxy proxy.cse.example.com:5070 HTTPS"},
      {"qq.com:443 open through proxy socks.cse.example.com:5070 SOCKS5"}}},
    {"in memory",
     {{"Running task 0.0 in stage 0.0 (TID 0)", "Running task 14.0 in stage 29.0 (TID 1168)"},
      {"Finished task 0.0 in stage 0.0 (TID 0). 2703 bytes result sent to driver",
       "Finished task 4.0 in stage 1.0 (TID 44). 2 KB result sent to driver"},
      {"Block broadcast_9 stored as values in memory (estimated size 8.8 KB, free 479.4 KB)",
       "Block broadcast_1 stored as values in memory (estimated size 384.0 B, free 1.2 MB)"},
      {"Block broadcast_9_piece0 stored as bytes in memory (estimated size 5.2 KB, free 479.4 KB)"},
      {"Block rdd_42_24 stored as bytes in memory (estimated size 5.2 KB, free 479.4 KB)"},
      {"Found block rdd_42_24 locally", "Found block rdd_2_0 locally"},
      {"Times: total = 41, boot = -14, init = 14, finish = 41", "Times: total = 1, boot = 2, init = 4, finish = 0"},
      {"Input split: hdfs://10.10.34.11:9000/logs/a.log:21876+7292", "Input split: hdfs://a:9000/b.log:0+7292"}}},
    {"many nodes",
     {{"Warning: we failed to resolve data source name an896", "Warning: we failed to resolve data source name bn12",
       "Warning: we failed to resolve data source name cn4", "Warning: we failed to resolve data source name dn1000"},
      {"data_thread() got not answer from any [Thunderbird_A8] datasource",
       "data_thread() got not answer from any [Thunderbird_D1] datasource"},
      {"DHCPDISCOVER from 00:11:43:e3:ba:c3 via eth1", "DHCPDISCOVER from 5a:11:43:e3:ba:c3 via eth1"},
      {"DHCPREQUEST for 10.100.4.251 (10.100.0.250) from 00:11:43:e3:ba:c3 via eth1"},
      {"ACPI: LAPIC (acpi_id[0x00] lapic_id[0x00] enabled)", "ACPI: LAPIC (acpi_id[0x01] lapic_id[0x06] enabled)"},
      {"ACPI: LAPIC (acpi_id[0x00] lapic_id[0x00] disabled)"}}},
    {"updates",
     {{R"(Loaded Servicing Stack v6.1.7601.23505 with Core: C:\Windows\winsxs\amd64_x_none_681aa442f6fed7f0\cbscore.dll)",
       R"(Loaded Servicing Stack v6.1.7601.17514 with Core: C:\Windows\winsxs\amd64_x_none_678566b7ddea04a5\cbscore.dll)"},
      {"Starting TrustedInstaller initialization."},
      {"Ending TrustedInstaller initialization."},
      {"Starting TrustedInstaller finalization."},
      {"Ending TrustedInstaller finalization."},
      {"Starting the TrustedInstaller main loop."},
      {"Session: 30546173_4261722401 initialized by client WindowsUpdateAgent.",
       "Session: 30546354_3247200368 initialized by client WindowsUpdateAgent."},
      {"Read out cached package applicability for package: Package_for_KB2928120~31bf3856ad364e35~amd64~~6.1.1.2, "
       "ApplicableState: 112, CurrentState:112",
       "Read out cached package applicability for package: "
       "Microsoft-Windows-IE-Hyphenation-Parent-Package-English~31bf3856ad364e35~~~11.2.9412.0, ApplicableState: 80, "
       "CurrentState:0"}}},
    {"mini program",
     {{"订单 123 支付失败", "订单 456 支付失败"},
      {"订单 123 支付成功"},
      {"订单789支付失败：余额不足", "订单12支付失败：余额不足"},
      {"用户 张三 打开 首页 耗时 35ms", "用户 李四 打开 首页 耗时 1.2 s", "用户 王五 打开 首页 耗时 35ms",
       "用户 赵六 打开 首页 耗时 35ms"},
      {R"(request fail {"errno":600001,"errMsg":"request:fail timeout"})",
       R"(request fail {"errno":5,"errMsg":"request:fail abort"})"},
      {"setData 12 KB pages/index/index", "setData 900 B pages/cart/detail"},
      {"login ok openid=oX1a2b3c", "login ok openid=oZ9y8x7w"}}},
};

class Styles : public testing::TestWithParam<Style> {};

// The statements by turns, several times over, so that what varies has been seen before it is counted.
TEST_P(Styles, OneTemplateForEachStatement) {
  Miner miner;
  std::map<std::int32_t, std::int32_t> aliases;
  const auto add = [&](std::string_view line) {
    std::int32_t id = miner.add(line).id;
    for (const auto& alias : miner.take_aliases()) aliases[alias.from] = alias.to;
    while (aliases.contains(id)) id = aliases[id];
    return id;
  };
  for (std::size_t i = 0; i < 8; ++i)
    for (const Statement& statement : GetParam().statements) add(statement[i % statement.size()]);
  std::map<std::int32_t, std::string_view> owners;
  for (const Statement& statement : GetParam().statements) {
    const std::int32_t id = add(statement[0]);
    for (const std::string_view line : statement) EXPECT_EQ(add(line), id) << line << "\n" << miner.text_of(id);
    const auto [owner, alone] = owners.emplace(id, statement[0]);
    EXPECT_TRUE(alone) << statement[0] << "\n" << owner->second << "\n" << miner.text_of(id);
  }
}

INSTANTIATE_TEST_SUITE_P(Logs, Styles, testing::ValuesIn(styles), [](const auto& info) {
  std::string name(info.param.name);
  std::erase(name, ' ');
  return name;
});

}  // namespace
}  // namespace miniops::logs
