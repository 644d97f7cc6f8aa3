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
