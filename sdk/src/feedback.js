// What a person writes to us, with pictures. A picture is a record of its own, as a record has a limit.
import { has } from './core/host.js';
import { guard } from './core/guard.js';
import { clean, newId } from './core/text.js';

const picturesMax = 3;
const pictureCharsMax = 140 * 1024; // base64: a hundred kilobytes
const qualities = [80, 50, 20];

function compress(path, quality) {
  if (!has('compressImage')) return Promise.resolve(path);
  return new Promise((resolve) => {
    wx.compressImage({
      src: path,
      quality,
      compressedWidth: 1080,
      success: (result) => resolve(result.tempFilePath),
      fail: () => resolve(path),
    });
  });
}

function read(path) {
  return new Promise((resolve) => {
    wx.getFileSystemManager().readFile({
      filePath: path,
      encoding: 'base64',
      success: (result) => resolve(result.data),
      fail: () => resolve(''),
    });
  });
}

// The picture as base64, small enough; '' when it cannot be.
function pictureOf(path, tries = 0) {
  if (tries === qualities.length) return Promise.resolve('');
  return compress(path, qualities[tries])
    .then(read)
    .then((data) => (!data || data.length <= pictureCharsMax ? data : pictureOf(path, tries + 1)));
}

export function createFeedback({ record, crumbs, flush }) {
  function save(given, pictures) {
    const id = newId(16);
    const kept = pictures.filter(Boolean);
    const entry = record('feedback', {
      name: 'feedback',
      text: String(given.text || ''),
      props: {
        feedback: id,
        type: clean(given.type),
        contact: clean(given.contact),
        extra: clean(given.extra),
        pictures: kept.length,
        breadcrumbs: crumbs.all(),
      },
    });
    if (!entry) return { ok: false, id: '', pictures: 0 };
    kept.forEach((data, index) => {
      record('feedback', { name: 'picture', props: { feedback: id, index, data } });
    });
    flush();
    return { ok: true, id, pictures: kept.length };
  }

  // Never rejects: `ok` false says that nothing was kept, `pictures` how many could be read.
  return function (given) {
    const nothing = { ok: false, id: '', pictures: 0 };
    if (!given || typeof given !== 'object') return Promise.resolve(nothing);
    const paths = Array.isArray(given.pictures) ? given.pictures.slice(0, picturesMax) : [];
    const readable = has('getFileSystemManager') ? paths : [];
    const attempts = readable.map((path) =>
      Promise.resolve(path)
        .then(pictureOf)
        .catch(() => ''),
    );
    return Promise.all(attempts)
      .then(guard((pictures) => save(given, pictures)))
      .then((result) => result || nothing);
  };
}
