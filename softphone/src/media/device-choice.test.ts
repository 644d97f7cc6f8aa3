import { describe, expect, test } from 'vitest';
import { choosable, inUse, roleSnapshot, systemDefault } from './device-choice.ts';

const info = (kind: MediaDeviceKind, deviceId: string, label: string) =>
  ({ kind, deviceId, label, groupId: `group of ${label}` }) as MediaDeviceInfo;

const LISTED = [
  info('audioinput', 'default', 'Default - Desk'),
  info('audioinput', 'communications', 'Communications - Desk'),
  info('audioinput', 'a', 'Desk'),
  info('audioinput', 'b', 'Headset'),
  info('audiooutput', 'c', 'Headset'),
];
const DESK = { id: 'a', label: 'Desk' };
const HEADSET = { id: 'b', label: 'Headset' };

describe('what can be chosen', () => {
  test('is each device once, by kind', () => {
    expect(choosable(LISTED, 'audioinput')).toEqual([DESK, HEADSET]);
    expect(choosable(LISTED, 'audiooutput')).toEqual([{ id: 'c', label: 'Headset' }]);
  });

  test('is nothing while the browser keeps the names to itself', () => {
    expect(choosable([info('audioinput', '', '')], 'audioinput')).toEqual([]);
  });

  test('the system’s default is told by the device behind it', () => {
    const before = systemDefault(LISTED, 'audioinput');
    const after = systemDefault([info('audioinput', 'default', 'Default - Headset')], 'audioinput');
    expect(before).not.toBe(after);
  });
});

describe('a chosen device', () => {
  test('is used while it is there', () => {
    expect(inUse(roleSnapshot([DESK, HEADSET], HEADSET))).toEqual(HEADSET);
  });

  test('gives way to the default when it is unplugged, and stays chosen', () => {
    const role = roleSnapshot([DESK], HEADSET);
    expect(role).toMatchObject({ chosen: HEADSET, missing: true });
    expect(inUse(role)).toBeUndefined();
  });

  test('is known by its name when the browser has given it another id', () => {
    const again = { id: 'z', label: 'Headset' };
    expect(roleSnapshot([DESK, again], HEADSET)).toMatchObject({ chosen: again, missing: false });
  });

  test('is not guessed among two of the same name', () => {
    const twins = [
      { id: 'y', label: 'Headset' },
      { id: 'z', label: 'Headset' },
    ];
    expect(roleSnapshot(twins, HEADSET).missing).toBe(true);
  });
});
