import { formatNumber, type NumberFormat, readingOf } from './number-format.ts';
import { type GatewayTrunk, sipTarget, type TrunkHost } from './trunk-objects.ts';

/** A host that emergency calls are tried on, without the server: see `gateway_trunks` in `sql-views.ts`. */
export interface EmergencyRoute {
  readonly position: number;
  readonly trunk_id: string;
  /** After the `@`. */
  readonly target: string;
  readonly form: NumberFormat['form'];
  readonly home: string;
  readonly national_prefix: string;
  readonly international_prefix: string;
}

export interface EmergencyTrunk extends Pick<GatewayTrunk, 'id' | 'hosts' | 'transport'> {
  readonly outboundFormat: NumberFormat;
}

/** @param trunks that are enabled, in the order to try */
export function emergencyRoutes(trunks: readonly EmergencyTrunk[]): EmergencyRoute[] {
  const routes = trunks.flatMap(({ id, hosts, transport, outboundFormat }) => {
    const { home, nationalPrefix, internationalPrefix } = readingOf(outboundFormat);
    return hosts.map((host) => ({
      trunk_id: id,
      target: sipTarget(host, transport),
      form: outboundFormat.form,
      home,
      national_prefix: nationalPrefix,
      international_prefix: internationalPrefix,
    }));
  });
  return routes.map((route, position) => ({ position, ...route }));
}

export interface Attempt {
  readonly trunk: string;
  /** Where the call is sent: the request URI. */
  readonly uri: string;
  readonly callerId: string;
}

/** One attempt at a call on one host of a trunk, everything as its carrier wants it. */
export function attemptOn(
  { id, transport, outboundFormat }: Pick<EmergencyTrunk, 'id' | 'transport' | 'outboundFormat'>,
  host: TrunkHost,
  call: { readonly number: string; readonly callerId: string },
): Attempt {
  return {
    trunk: id,
    uri: `sip:${formatNumber(call.number, outboundFormat)}@${sipTarget(host, transport)}`,
    callerId: formatNumber(call.callerId, outboundFormat),
  };
}
