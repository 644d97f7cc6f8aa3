import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AVAILABLE,
  type NumberEvent,
  numberStates,
  type Standing,
  standingAt,
  transition,
} from './states.ts';

const NOW = 1_000;
const reserved: Standing = { ...AVAILABLE, state: 'reserved', reservedFor: 'order', until: 2_000 };
const assigned: Standing = { ...AVAILABLE, state: 'assigned', userId: 'us1' };
const quarantined: Standing = { ...AVAILABLE, state: 'quarantined', until: 2_000 };
const porting: Standing = { ...AVAILABLE, state: 'porting' };

const reserve: NumberEvent = { type: 'reserve', reservedFor: 'order', until: 3_000 };
const assign: NumberEvent = { type: 'assign', userId: 'us1' };
const release: NumberEvent = { type: 'release', until: 2_000 };

describe('a number', () => {
  it.each<[string, Standing, NumberEvent, Standing | string]>([
    ['available, is reserved', AVAILABLE, reserve, { ...reserved, until: 3_000 }],
    ['reserved, is reserved longer for the same', reserved, reserve, { ...reserved, until: 3_000 }],
    ['reserved, is not reserved for another', reserved, { ...reserve, reservedFor: 'x' }, 'number-reserved'],
    ['reserved, is given back', reserved, { type: 'cancel-reservation' }, AVAILABLE],
    ['available, is assigned', AVAILABLE, assign, assigned],
    ['reserved, is assigned by who knows for what', reserved, { ...assign, reservedFor: 'order' }, assigned],
    ['reserved, is not assigned by another', reserved, assign, 'number-reserved'],
    [
      'reserved, is not assigned for something else',
      reserved,
      { ...assign, reservedFor: 'x' },
      'number-reserved',
    ],
    ['assigned, is not another user’s', assigned, { ...assign, userId: 'us2' }, 'number-assigned'],
    ['assigned, is not reserved', assigned, reserve, 'number-assigned'],
    ['assigned, goes into quarantine', assigned, release, quarantined],
    ['assigned, can be available at once', assigned, { type: 'release', until: null }, AVAILABLE],
    ['quarantined, is nobody’s', quarantined, assign, 'number-quarantined'],
    ['quarantined, can be available earlier', quarantined, { type: 'end-quarantine' }, AVAILABLE],
    ['quarantined, can be ported', quarantined, { type: 'begin-porting' }, porting],
    ['assigned, can’t be ported', assigned, { type: 'begin-porting' }, 'number-assigned'],
    ['porting, is nobody’s', porting, assign, 'number-porting'],
    ['porting, arrives', porting, { type: 'end-porting' }, AVAILABLE],
  ])('%s', (_what, before, event, after) => {
    const result = transition(before, event);
    expect('refused' in result ? result.refused : result).toEqual(after);
  });

  it.each<[Standing, NumberEvent]>([
    [assigned, assign],
    [AVAILABLE, release],
    [quarantined, release],
    [porting, { type: 'begin-porting' }],
    [AVAILABLE, { type: 'cancel-reservation' }],
    [AVAILABLE, { type: 'end-quarantine' }],
    [AVAILABLE, { type: 'end-porting' }],
  ])('as it is to be already is left so: %o', (standing, event) => {
    expect(transition(standing, event)).toEqual(standing);
  });

  it('whose reservation or quarantine is over is available', () => {
    for (const standing of [reserved, quarantined]) {
      expect(standingAt(standing, 1_999)).toBe(standing);
      expect(standingAt(standing, 2_000)).toEqual(AVAILABLE);
    }
    expect(standingAt(assigned, Number.MAX_SAFE_INTEGER)).toBe(assigned);
  });

  it('whatever happens has a user when and only when it is assigned, and an end only where it has one', () => {
    const until = fc.integer({ min: NOW + 1, max: 9_000 });
    const some = fc.constantFrom('a', 'b');
    const event: fc.Arbitrary<NumberEvent> = fc.oneof(
      fc.record({ type: fc.constant('reserve' as const), reservedFor: some, until }),
      fc.record({ type: fc.constant('assign' as const), userId: some, reservedFor: some }),
      fc.record({ type: fc.constant('release' as const), until: fc.option(until) }),
      fc.constantFrom<NumberEvent>(
        { type: 'cancel-reservation' },
        { type: 'end-quarantine' },
        { type: 'begin-porting' },
        { type: 'end-porting' },
      ),
    );
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let standing = AVAILABLE;
        for (const next of events) {
          const after = transition(standing, next);
          if ('refused' in after) continue;
          // Never from one user to another without having been nobody's.
          if (standing.userId !== null && after.userId !== null) expect(after.userId).toBe(standing.userId);
          standing = after;
          reached.add(standing.state);
          expect(standing.userId !== null).toBe(standing.state === 'assigned');
          expect(standing.reservedFor !== null).toBe(standing.state === 'reserved');
          expect(standing.until !== null).toBe(['reserved', 'quarantined'].includes(standing.state));
        }
      }),
    );
    expect([...reached].toSorted()).toEqual([...numberStates].toSorted());
  });
});
