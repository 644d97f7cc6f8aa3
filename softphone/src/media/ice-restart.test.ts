import { beforeEach, describe, expect, test } from 'vitest';
import { IceRestart, type RestartingPeer } from './ice-restart.ts';

const BEFORE = [
  'v=0',
  'm=audio 40000 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 192.0.2.7',
  'a=candidate:1 1 udp 2122194687 192.0.2.7 40000 typ host',
  'a=candidate:2 1 tcp 1518214911 192.0.2.7 9 typ host tcptype active',
  'a=ice-ufrag:old',
  '',
].join('\r\n');
const NEW = ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=ice-ufrag:new', ''].join(
  '\r\n',
);

let log: string[];
let restart: IceRestart;

beforeEach(() => {
  log = [];
  const peer: RestartingPeer = {
    localDescription: { sdp: BEFORE },
    restartIce: () => log.push('restart'),
    createOffer: async () => ({ type: 'offer', sdp: NEW }),
    setLocalDescription: async ({ sdp = '' }) => {
      log.push(sdp);
    },
  };
  restart = new IceRestart(peer, async () => {
    log.push('network');
  });
});

describe('the offer of an ICE restart', () => {
  test('is sent without being in force, which it is when the answer has come', async () => {
    restart.ask();
    await restart.describe();
    expect(log).toEqual(['restart', 'network']);
    await restart.enforce();
    expect(log).toEqual(['restart', 'network', NEW]);
    expect(restart.isAsked).toBe(false);
  });

  test('names the candidates of before, as others each time: the gateway begins with none else', async () => {
    restart.ask();
    const lines = (await restart.describe()).split('\r\n');
    expect(lines).toContain('m=audio 40000 UDP/TLS/RTP/SAVPF 111');
    expect(lines).toContain('c=IN IP4 192.0.2.7');
    expect(lines).toContain('a=ice-ufrag:new');
    const candidates = lines.filter((line) => line.startsWith('a=candidate:'));
    expect(candidates).toEqual(['a=candidate:r11 1 udp 2122194687 192.0.2.7 40000 typ host']);
    expect(await restart.describe()).toContain('a=candidate:r21 1 udp');
  });

  test('that comes to nothing changes nothing, and is made again', async () => {
    restart.ask();
    await restart.describe();
    expect(restart.withdraw()).toBe(true);
    await restart.enforce();
    expect(log).not.toContain(NEW);
    expect(restart.isAsked).toBe(true);
    expect(restart.withdraw()).toBe(false);
  });
});
