import type { RoutableTrunk } from '../admission/routing.ts';

/** A trunk that takes all calls, but for what is said of it. */
export const routableTrunk = (id: string, more: Partial<RoutableTrunk> = {}): RoutableTrunk => ({
  id,
  name: id,
  hosts: [{ host: `${id}.example`, port: 5060 }],
  transport: 'udp',
  outboundFormat: { form: 'e164' },
  silentHosts: [],
  priority: 10,
  weight: 10,
  prefixes: [],
  channelLimit: null,
  callsPerSecond: null,
  callsUp: 0,
  callsLastSecond: 0,
  progressSeconds: 6,
  ...more,
});
