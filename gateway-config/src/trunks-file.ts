import { type ConfigObject, type GatewayTrunk, trunkObjects } from './trunk-objects.ts';

/** One row of Asterisk's static realtime: a line of a configuration file that stands in the database. */
export interface ConfigRow {
  readonly id: number;
  readonly cat_metric: number;
  readonly var_metric: number;
  readonly filename: string;
  readonly category: string;
  readonly var_name: string;
  readonly var_val: string;
}

/** The file that `sorcery.conf` has the gateway read the trunks from, and `extconfig.conf` finds in the database. */
export const TRUNKS_FILE = 'trunks.conf';

/**
 * Whom the gateway speaks as outside of calls, to a device say that was revoked (`default_outbound_endpoint` of
 * `pjsip.conf`). Nobody becomes it: it is known by its address alone, and has none. It also keeps the file from being
 * empty, whose longest line the gateway would get wrong.
 */
function ownEndpoint(domain: string): ConfigObject {
  return {
    name: 'handset',
    type: 'endpoint',
    options: [
      ['identify_by', 'ip'],
      ['context', 'no-calls'],
      ['from_user', 'handset'],
      ['from_domain', domain],
      ['allow', 'ulaw'],
      ['allow_subscribe', 'no'],
      ['allow_transfer', 'no'],
    ],
  };
}

/** The file of the trunks. */
export function trunksFile(trunks: readonly GatewayTrunk[], domain: string): ConfigRow[] {
  const objects = [ownEndpoint(domain), ...trunks.flatMap((trunk) => trunkObjects(trunk, domain))];
  const sections = objects.map(({ name, type, options }) => ({
    name,
    lines: [['type', type] as const, ...options],
  }));
  const rows = sections.flatMap(({ name, lines }, section) =>
    lines.map(([var_name, var_val], line) => ({
      // The highest comes first.
      cat_metric: sections.length - section,
      var_metric: line,
      filename: TRUNKS_FILE,
      category: name,
      var_name,
      var_val,
    })),
  );
  return rows.map((row, index) => ({ id: index + 1, ...row }));
}
