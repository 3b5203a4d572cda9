// Lines as four well-known programs write them (HDFS, OpenSSH, ZooKeeper, Android), made up from a seed: words in many
// shapes for the query language, where loghub's real sets are not at hand.
const templates = {
  HDFS: [
    '{d} {t} {n3} INFO dfs.DataNode$PacketResponder: PacketResponder {n1} for block {blk} terminating',
    '{d} {t} {n3} INFO dfs.DataNode$PacketResponder: Received block {blk} of size 67108864 from /{ip}',
    '{d} {t} 26 INFO dfs.FSNamesystem: BLOCK* NameSystem.addStoredBlock: blockMap updated: {ip}:50010 is added to {blk} size 67108864',
    '{d} {t} {n3} INFO dfs.DataNode$DataXceiver: Receiving block {blk} src: /{ip}:54106 dest: /{ip}:50010',
    '{d} {t} {n3} WARN dfs.DataNode$DataXceiver: {ip}:50010:Got exception while serving {blk} to /{ip}:',
    '{d} {t} 19 INFO dfs.FSDataset: Deleting block {blk} file /mnt/hadoop/dfs/data/current/subdir{n1}/{blk}',
  ],
  OpenSSH: [
    'Dec 10 {clock} LabSZ sshd[{pid}]: Failed password for root from {ip} port {port} ssh2',
    'Dec 10 {clock} LabSZ sshd[{pid}]: Failed password for invalid user admin from {ip} port {port} ssh2',
    'Dec 10 {clock} LabSZ sshd[{pid}]: Invalid user {user} from {ip}',
    'Dec 10 {clock} LabSZ sshd[{pid}]: Received disconnect from {ip}: 11: Bye Bye [preauth]',
    'Dec 10 {clock} LabSZ sshd[{pid}]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={ip}  user=root',
    'Dec 10 {clock} LabSZ sshd[{pid}]: Connection closed by {ip} [preauth]',
  ],
  Zookeeper: [
    '2015-07-29 {clock},{n3} - INFO  [/10.10.34.1{n1}:3888:QuorumCnxManager$Listener@493] - Received connection request /10.10.34.1{n1}:{port}',
    '2015-07-29 {clock},{n3} - WARN  [RecvWorker:188978561024:QuorumCnxManager$RecvWorker@765] - Interrupting SendWorker',
    '2015-07-29 {clock},{n3} - WARN  [SendWorker:188978561024:QuorumCnxManager$SendWorker@688] - Send worker leaving thread',
    '2015-07-29 {clock},{n3} - ERROR [LearnerHandler-/10.10.34.1{n1}:{port}:LearnerHandler@562] - Unexpected exception causing shutdown while sock still open',
    '2015-07-29 {clock},{n3} - INFO  [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxn@1001] - Closed socket connection for client /10.10.34.1{n1}:{port}',
  ],
  Android: [
    '03-17 {clock}.{n3}  1702  {pid} D PowerManagerService: release:lock={n3}, flg=0x0, tag="View Lock", name=android", uid=1000, pid=1702',
    '03-17 {clock}.{n3}  1702  {pid} D PowerManagerService: acquire:lock={n3}, flags=0x1, tag="*launch*", name=android',
    '03-17 {clock}.{n3}  2227  2227 I PhoneStatusBar: setSystemUiVisibility vis={n3} mask=ffffffff oldVal=0 newVal={n3}',
    '03-17 {clock}.{n3}  2227  2227 V PhoneStatusBar: setLightsOn(true)',
    '03-17 {clock}.{n3}  1702  {pid} W ActivityManager: getRunningAppProcesses: caller 10111 holds no token; limiting output',
    '03-17 {clock}.{n3}  1702  {pid} E WindowManager: printFreezingDisplayLogs opening app wtoken = AppWindowToken{ token=Token{a64f992 } }',
  ],
};

// A generator of numbers that is the same everywhere.
function randomOf(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function serverLog(program, lines = 150) {
  const random = randomOf(program.length * 7919);
  const two = (below) => String(random(below)).padStart(2, '0');
  const values = {
    d: () => '081109',
    t: () => `20${two(60)}${two(60)}`,
    clock: () => `${two(24)}:${two(60)}:${two(60)}`,
    n1: () => String(random(10)),
    n3: () => String(10 + random(900)),
    pid: () => String([24200, 24208, 24366, 24415, 24501][random(5)]),
    port: () => String(32768 + random(28000)),
    ip: () => ['173.234.31.186', '10.251.73.220', '10.251.91.229', '112.95.230.3'][random(4)],
    user: () => ['webmaster', 'oracle', 'guest', 'admin'][random(4)],
    blk: () => (random(4) === 0 ? 'blk_38865049064139660' : `blk_${random(2) ? '-' : ''}${random(2 ** 31)}${random(2 ** 31)}`),
  };
  return Array.from({ length: lines }, (_, i) => templates[program][(i + random(3)) % templates[program].length].replace(/\{(\w+)\}/g, (whole, name) => values[name]?.() ?? whole));
}
