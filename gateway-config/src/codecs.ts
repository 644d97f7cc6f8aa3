/** Codecs that the gateway has, by the names of RFC 3551 and RFC 7587. */
export const CODECS = ['opus', 'g722', 'pcmu', 'pcma'] as const;
export type Codec = (typeof CODECS)[number];

export function isCodec(name: string): name is Codec {
  return CODECS.some((codec) => codec === name);
}

/** The order of `HANDSET_CODECS`. */
export function codecOrder({ HANDSET_CODECS }: { readonly HANDSET_CODECS: string }): readonly Codec[] {
  return HANDSET_CODECS.split(',').filter(isCodec);
}

/**
 * With what phones are to call outside: with codecs that every trunk has, so that whichever takes the call, the gateway
 * passes the sound on as it is. Where there is none, with those of the first trunk that is tried.
 * @param trunks what each trunk that takes calls has, in the order in which trunks are tried
 */
export function outsideCodecs(
  settings: { readonly HANDSET_CODECS: string; readonly HANDSET_OUTSIDE_CODECS: 'trunk' | 'phone' },
  trunks: readonly (readonly Codec[])[],
): readonly Codec[] {
  const order = codecOrder(settings);
  if (settings.HANDSET_OUTSIDE_CODECS === 'phone') return order;
  const ofAll = order.filter((codec) => trunks.every((codecs) => codecs.includes(codec)));
  const ofFirst = order.filter((codec) => trunks[0]?.includes(codec));
  return [ofAll, ofFirst, order].find((codecs) => codecs.length > 0) ?? order;
}

const GATEWAY_NAMES: Readonly<Record<Codec, string>> = {
  opus: 'opus',
  g722: 'g722',
  pcmu: 'ulaw',
  pcma: 'alaw',
};

/** Codecs as an endpoint's `allow` has them. */
export function allowed(codecs: readonly Codec[]): string {
  return ['!all', ...codecs.map((codec) => GATEWAY_NAMES[codec])].join(',');
}
