import { describe, expect, test } from 'vitest';
import { summarise } from './message-summary.ts';

const message = (...lines: string[]) => [...lines, '', ''].join('\r\n');

describe('the summary of a SIP message', () => {
  test('of a request', () => {
    const text = message(
      'INVITE sip:+12025550101@handset.local SIP/2.0',
      'Call-ID: abc',
      'CSeq: 2 INVITE',
      'Authorization: Digest username="dvX", response="deadbeef"',
      'Content-Type: application/sdp',
    );
    expect(summarise(text)).toEqual({
      callId: 'abc',
      method: 'INVITE',
      label: 'INVITE',
      hasDescription: true,
    });
  });

  test('of a response, with the method it answers', () => {
    const text = message('SIP/2.0 180 Ringing', 'i: abc', 'CSeq: 2 INVITE');
    expect(summarise(text)).toEqual({
      callId: 'abc',
      method: 'INVITE',
      status: 180,
      label: '180 Ringing',
      hasDescription: false,
    });
  });

  test('holds nothing of the digest or the address', () => {
    const text = message(
      'REGISTER sip:handset.local SIP/2.0',
      'Call-ID: r1',
      'CSeq: 2 REGISTER',
      'Authorization: Digest username="dvSECRET", response="deadbeef"',
    );
    expect(JSON.stringify(summarise(text))).not.toMatch(/SECRET|deadbeef|handset\.local/);
  });

  test('of anything else is nothing', () => {
    expect(summarise('\r\n\r\n')).toBeUndefined();
    expect(summarise('hello')).toBeUndefined();
  });
});
