import { describe, expect, test } from 'vitest';
import { type CallEvent, newCall, nextCall } from './call-state.ts';
import { conference, heldCall, mayDial, mayRing, mergeable, shownCall, yields } from './floor.ts';
import { lineSound } from './line-sound.ts';

function callOf(id: string, direction: 'incoming' | 'outgoing', ...events: readonly CallEvent[]) {
  return { ...events.reduce(nextCall, newCall(direction, 0)), id };
}

const answered: CallEvent = { type: 'answered', at: 1 };
const dialling = callOf('dialling', 'outgoing');
const farRings = callOf('far-rings', 'outgoing', { type: 'ringing' });
const up = callOf('up', 'outgoing', answered);
const held = callOf('held', 'outgoing', answered, { type: 'held', held: true });
const rings = callOf('rings', 'incoming');
const answering = callOf('answering', 'incoming', { type: 'answering' });
const over = callOf('over', 'outgoing', { type: 'ended', reason: 'busy', at: 1 });

describe('the call that is shown', () => {
  test.each([
    ['the one spoken in, whatever rings', [rings, up, held], 'up', 'up'],
    ['one that rings before one on hold', [held, rings], 'held', 'rings'],
    ['the one held last, where none is spoken in', [held, { ...held, id: 'second' }], 'held', 'held'],
    ['one on hold when the other has ended', [held, over], undefined, 'held'],
    ['the last one that ended', [over], undefined, 'over'],
  ] as const)('is %s', (_, calls, floor, shown) => {
    expect(shownCall<(typeof calls)[number]>(calls, floor)?.id).toBe(shown);
  });
});

test.each([
  [up, 'hold'],
  [dialling, 'hang-up'],
  [held, 'nothing'],
  [rings, 'nothing'],
  [answering, 'nothing'],
] as const)('when another takes the floor: $id → %s', (call, way) => {
  expect(yields(call)).toBe(way);
});

test('swap brings back the call on hold that does not have the floor', () => {
  expect(heldCall([held, up], 'up')?.id).toBe('held');
  expect(heldCall([held], 'held')).toBeUndefined();
});

describe('while two calls are up', () => {
  test('none can be dialled', () => {
    expect(mayDial([up])).toBe(true);
    expect(mayDial([up, held])).toBe(false);
    expect(mayDial([up, over])).toBe(true);
  });

  test('a third one finds the line busy or waits, as the person chose; a fourth never waits', () => {
    expect(mayRing([up], 'busy')).toBe(true);
    expect(mayRing([up, held], 'busy')).toBe(false);
    expect(mayRing([up, held], 'waits')).toBe(true);
    expect(mayRing([up, held, rings], 'waits')).toBe(false);
  });
});

describe('a conference', () => {
  const merged = { ...up, id: 'merged', merged: true };
  const alsoMerged = { ...held, id: 'also', merged: true };
  const third = { ...alsoMerged, id: 'third' };
  const ids = (calls: readonly { readonly id: string }[]) => calls.map(({ id }) => id);

  test('is of two calls at least', () => {
    expect(ids(conference([merged, alsoMerged, held]))).toEqual(['merged', 'also']);
    expect(conference([merged, held])).toEqual([]);
    expect(conference([merged, { ...over, merged: true }])).toEqual([]);
  });

  test('is one conversation: another can be had beside it, up to three far ends', () => {
    expect(mayDial([merged, alsoMerged])).toBe(true);
    expect(mayDial([merged, alsoMerged, held])).toBe(false);
    expect(mayDial([merged, alsoMerged, third])).toBe(false);
    expect(mayRing([merged, alsoMerged, third], 'busy')).toBe(true);
    expect(mayRing([merged, alsoMerged, held], 'busy')).toBe(false);
  });

  test('is swapped as a whole', () => {
    expect(heldCall([merged, alsoMerged], 'merged')).toBeUndefined();
    expect(heldCall([merged, alsoMerged, held], 'merged')?.id).toBe('held');
    expect(heldCall([alsoMerged, third, up], 'up')?.id).toBe('third');
  });

  test.each([
    ['two calls', [held, up], 'up', ['held', 'up']],
    ['a conference and a call beside it', [alsoMerged, third, up], 'up', ['also', 'third', 'up']],
    ['a call on hold into the conference', [merged, alsoMerged, held], 'merged', ['held', 'merged', 'also']],
    ['not while both are on hold', [held, { ...held, id: 'second' }], 'second', []],
    ['not one that is still being dialled', [held, dialling], 'dialling', []],
    ['not one that comes back to this page', [held, { ...up, resuming: true }], 'up', []],
    ['not a fourth far end', [alsoMerged, third, { ...third, id: 'fourth' }, up], 'up', []],
  ] as const)('is made of %s', (_, calls, floor, members) => {
    expect(ids(mergeable<(typeof calls)[number]>(calls, floor))).toEqual(members);
  });
});

test.each([
  ['silence', [up, held]],
  ['silence', [answering]],
  ['ringback', [farRings, held]],
  ['ring', [rings]],
  ['ring', [rings, held]],
  ['call-waiting', [up, rings]],
  ['call-waiting', [farRings, rings]],
] as const)('%s is heard with %j', (sound, calls) => {
  expect(lineSound(calls)).toBe(sound);
});
