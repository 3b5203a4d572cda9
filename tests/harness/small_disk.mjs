// A data folder on a small file system of its own, which can be filled and emptied. Needs root.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import process from 'node:process';
import { temporaryFolder } from './process.mjs';

export function smallDisk(megabytes) {
  assert.equal(process.getuid(), 0, 'this test mounts a small file system and needs root');
  const folder = temporaryFolder('small');
  const data = `${folder.path}/data`;
  const filler = `${data}/filler`;
  mkdirSync(data);
  assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', data]).status, 0, 'mount');
  return {
    data,
    fill: () => spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k', 'oflag=append', 'conv=notrunc']), // until there is no room
    empty: () => rmSync(filler),
    remove() {
      spawnSync('umount', [data]);
      folder.remove();
    },
  };
}
