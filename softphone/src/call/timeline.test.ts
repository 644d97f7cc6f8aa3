import { beforeEach, expect, test } from 'vitest';
import { MOST_OF_A_NAME, mark } from './timeline.ts';

const marksOf = (name: string) => performance.getEntriesByName(name, 'mark');

beforeEach(() => performance.clearMarks());

test('a mark has its call, and its time where that was earlier', () => {
  mark('first-audio', 'call-1', 12);
  expect(marksOf('handset:first-audio')).toMatchObject([{ detail: { call: 'call-1' }, startTime: 12 }]);
});

test('however many calls there are, the latest mark is there, and no more than so many of a name', () => {
  mark('ready');
  for (let i = 1; i <= 5 * MOST_OF_A_NAME; i++) {
    mark('answered', `call-${i}`);
    const marks = marksOf('handset:answered');
    expect(marks.at(-1)).toMatchObject({ detail: { call: `call-${i}` } });
    expect(marks.length).toBeLessThanOrEqual(MOST_OF_A_NAME);
  }
  expect(marksOf('handset:ready')).toHaveLength(1);
});
