import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseErrorText, parseThrown } from '../src/error_text.js';

const texts = [
  {
    what: 'an Android client',
    given:
      "MiniProgramError\nCannot read property 'x' of undefined\nTypeError: Cannot read property 'x' of undefined\n" +
      '    at li.onLoad (https://usr/app-service.js:3:14)\n    at li.<anonymous> (WASubContext.js:1:99)',
    name: 'TypeError',
    text: "Cannot read property 'x' of undefined",
    stack: /^TypeError: Cannot read.*\n {4}at li\.onLoad/,
  },
  {
    what: 'an iOS client',
    given:
      "MiniProgramError\nundefined is not an object (evaluating 'a.b')\nonLoad@https://usr/app-service.js:3:14\n[native code]",
    name: 'Error',
    text: "undefined is not an object (evaluating 'a.b')",
    stack: /^onLoad@https/,
  },
  {
    what: 'an old client',
    given:
      'thirdScriptError\na is not defined;at pages/index onLoad\nReferenceError: a is not defined\n    at e.onLoad (x.js:1:1)',
    name: 'ReferenceError',
    text: 'a is not defined',
    stack: /^ReferenceError/,
  },
  { what: 'a message alone', given: 'MiniProgramError\nboom', name: 'Error', text: 'boom', stack: /^$/ },
  { what: 'one line with a type', given: 'RangeError: too deep', name: 'RangeError', text: 'too deep', stack: /^$/ },
  {
    what: 'a type of the host',
    given: 'MiniProgramError\nno\nOrderError: no\n    at a.js:1:1',
    name: 'OrderError',
    text: 'no',
    stack: /^OrderError/,
  },
  {
    what: 'several lines of message',
    given: 'MiniProgramError\none\nError: one\ntwo\n    at a (b.js:1:1)',
    name: 'Error',
    text: 'one',
    stack: /two\n {4}at a/,
  },
  { what: 'nothing', given: '', name: 'Error', text: 'Error', stack: /^$/ },
];

for (const { what, given, ...expected } of texts) {
  test(`onError's text of ${what}`, () => {
    const parsed = parseErrorText(given);
    assert.equal(parsed.name, expected.name);
    assert.equal(parsed.text, expected.text);
    assert.match(parsed.stack, expected.stack);
  });
}

const thrown = [
  ['an Error', new TypeError('no'), 'TypeError', 'no'],
  ['a text', 'no', 'Error', 'no'],
  ['what a wx call rejects with', { errMsg: 'login:fail timeout' }, 'Error', 'login:fail timeout'],
  ['an object with a message', { message: 'no' }, 'Error', 'no'],
  ['the object form of onError', { message: 'MiniProgramError\nno\nTypeError: no' }, 'TypeError', 'no'],
  ['a plain object', { code: 7 }, 'Error', '{"code":7}'],
  ['undefined', undefined, 'Error', 'undefined'],
  ['null', null, 'Error', 'null'],
  ['a number', 7, 'Error', '7'],
];

for (const [what, value, name, text] of thrown) {
  test(`thrown: ${what}`, () => {
    const parsed = parseThrown(value);
    assert.deepEqual({ name: parsed.name, text: parsed.text }, { name, text });
  });
}
