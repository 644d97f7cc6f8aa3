import { describe, expect, test } from 'vitest';
import { inOrder, withOpusFec } from './codec-order.ts';

const codec = (name: string, clockRate: number) => ({ mimeType: `audio/${name}`, clockRate });
const CHROMIUM = [
  codec('opus', 48_000),
  codec('red', 48_000),
  codec('G722', 8_000),
  codec('PCMU', 8_000),
  codec('PCMA', 8_000),
  codec('CN', 8_000),
  codec('telephone-event', 48_000),
  codec('telephone-event', 8_000),
];
const names = (codecs: readonly { mimeType: string; clockRate: number }[]) =>
  codecs.map(({ mimeType, clockRate }) => `${mimeType.replace('audio/', '')}/${clockRate}`);

describe('what is offered', () => {
  test('has the codecs in their order, and events of the first one’s clock', () => {
    expect(names(inOrder(CHROMIUM, ['opus', 'g722', 'pcmu', 'pcma']))).toEqual([
      'opus/48000',
      'G722/8000',
      'PCMU/8000',
      'PCMA/8000',
      'telephone-event/48000',
    ]);
    expect(names(inOrder(CHROMIUM, ['g722', 'pcmu', 'opus']))).toEqual([
      'G722/8000',
      'PCMU/8000',
      'opus/48000',
      'telephone-event/8000',
    ]);
  });

  test('has the only events there are, whatever their clock', () => {
    const browser = [codec('opus', 48_000), codec('telephone-event', 8_000)];
    expect(names(inOrder(browser, ['opus']))).toEqual(['opus/48000', 'telephone-event/8000']);
  });
});

describe('a description of Opus', () => {
  const LINES = ['m=audio 9 RTP/SAVPF 107 9', 'a=rtpmap:107 opus/48000/2', 'a=rtpmap:9 G722/8000', ''];

  test('wants in-band FEC also where it says nothing of it', () => {
    const [media, opus, ...rest] = LINES;
    expect(withOpusFec(LINES.join('\r\n'))).toBe(
      [media, opus, 'a=fmtp:107 useinbandfec=1', ...rest].join('\r\n'),
    );
  });

  test('keeps its other parameters', () => {
    const sdp = [...LINES.slice(0, 2), 'a=fmtp:107 maxaveragebitrate=20000', ''].join('\r\n');
    expect(withOpusFec(sdp)).toContain('a=fmtp:107 maxaveragebitrate=20000;useinbandfec=1\r\n');
  });

  test('stays as it is where it says so itself, either way', () => {
    for (const value of ['0', '1']) {
      const sdp = [...LINES.slice(0, 2), `a=fmtp:107 useinbandfec=${value}`, ''].join('\r\n');
      expect(withOpusFec(sdp)).toBe(sdp);
    }
  });

  test('is not invented', () => {
    expect(withOpusFec('a=rtpmap:9 G722/8000\r\n')).toBe('a=rtpmap:9 G722/8000\r\n');
  });
});
