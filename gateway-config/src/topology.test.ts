import { describe, expect, test } from 'vitest';
import { readSettings } from './settings.ts';
import { topology } from './topology.ts';

describe('the topology', () => {
  test('natively, nothing listens beyond loopback unless a setting says so', () => {
    const { page, api, internal, gatewayHttp, gatewaySip, ami, turn, pstn } = topology(
      readSettings({}),
      'native',
    );
    const binds = [page, api, internal, gatewayHttp, gatewaySip, ami, turn, pstn].map(({ bind }) => bind);
    expect(binds.every((bind) => bind.startsWith('127.'))).toBe(true);
  });

  test('where the page listens on one address, TURN is reached there too', () => {
    const { turn } = topology(readSettings({ HANDSET_BIND: '192.0.2.5' }), 'native');
    expect(turn).toMatchObject({ bind: '192.0.2.5', host: '192.0.2.5' });
  });

  test('with a real carrier the gateway’s SIP listens on every address, and its console still on loopback', () => {
    const { gatewaySip, ami, trunk } = topology(readSettings({ HANDSET_TRUNK: 'sip.example.com' }), 'native');
    expect(gatewaySip.bind).toBe('0.0.0.0');
    expect(ami.bind).toBe('127.0.0.1');
    expect(trunk).toEqual({ host: 'sip.example.com', port: 5060 });
  });

  test('the RTP ports are those of the setting, where it is set', () => {
    const { ports } = topology(readSettings({ HANDSET_RTP_PORTS: '10000-10999' }), 'native');
    expect(ports.gatewayMedia).toEqual({ first: 10_000, last: 10_999 });
  });
});
