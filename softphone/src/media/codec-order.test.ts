import type { Codec } from '@handset/gateway-config';
import { describe, expect, test } from 'vitest';
import { codecsOf, inOrder, offerOnly, withOpusFec } from './codec-order.ts';

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

const ALL = ['opus', 'g722', 'pcmu', 'pcma'] as const;

test('what is prepared has the codecs in their order, and the events of either clock', () => {
  expect(names(inOrder(CHROMIUM, ALL))).toEqual([
    'opus/48000',
    'G722/8000',
    'PCMU/8000',
    'PCMA/8000',
    'telephone-event/48000',
    'telephone-event/8000',
  ]);
  expect(names(inOrder(CHROMIUM, ['g722', 'opus']))).toEqual([
    'G722/8000',
    'opus/48000',
    'telephone-event/48000',
    'telephone-event/8000',
  ]);
});

describe('what is offered', () => {
  const OFFER = [
    'v=0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126',
    'a=rtpmap:111 opus/48000/2',
    'a=rtcp-fb:111 transport-cc',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=rtpmap:9 G722/8000',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:110 telephone-event/48000',
    'a=rtpmap:126 telephone-event/8000',
    'a=sendrecv',
    '',
  ];
  const lines = (...codecs: Codec[]) => offerOnly(OFFER.join('\r\n'), codecs).split('\r\n');

  test('are the codecs of this call, in their order, with nothing said of others', () => {
    expect(lines('pcma', 'g722')).toEqual([
      'v=0',
      'm=audio 9 UDP/TLS/RTP/SAVPF 8 9 126',
      'a=rtpmap:9 G722/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:126 telephone-event/8000',
      'a=sendrecv',
      '',
    ]);
  });

  test('has events of the first codec’s clock', () => {
    expect(lines(...ALL)[1]).toBe('m=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8 110');
    expect(lines('pcmu', 'opus')[1]).toBe('m=audio 9 UDP/TLS/RTP/SAVPF 0 111 126');
  });

  test('has the only events there are, whatever their clock', () => {
    const firefox = OFFER.filter((line) => !line.includes(':110 ')).map((line) => line.replace(' 110', ''));
    expect(offerOnly(firefox.join('\r\n'), ['opus'])).toContain('SAVPF 111 126\r\n');
  });

  test('is all that there is where none of the codecs is there', () => {
    const without = OFFER.filter((line) => !line.includes(':111 '))
      .join('\r\n')
      .replace(' 111', '');
    expect(offerOnly(without, ['opus'])).toBe(without);
  });

  test('is known of a description, in its order', () => {
    expect(codecsOf(lines('pcmu', 'opus').join('\r\n'), ALL)).toEqual(['pcmu', 'opus']);
    expect(codecsOf(OFFER.join('\r\n'), ['pcma', 'opus'])).toEqual(['opus', 'pcma']);
    expect(codecsOf('', ALL)).toEqual([]);
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
