import type { NewTrunk } from './schemas.ts';

/** Where Twilio's signalling comes from: one range for each of its regions. */
const TWILIO_SIGNALLING = [
  '54.172.60.0/30',
  '54.244.51.0/30',
  '54.171.127.192/30',
  '35.156.191.128/30',
  '54.65.63.192/30',
  '54.169.127.128/30',
  '54.252.254.64/30',
  '177.71.206.192/30',
];

/** Where Telnyx' signalling comes from: two addresses for each of its regions. */
const TELNYX_SIGNALLING = [
  '192.76.120.10',
  '64.16.250.10',
  '192.76.120.31',
  '64.16.250.13',
  '185.246.41.140',
  '185.246.41.141',
  '103.115.244.145',
  '103.115.244.146',
];

/**
 * Elastic SIP Trunking takes E.164 with its `+`, G.711 and nothing else; its host is the account's own. It sends the
 * caller's number in From, and only its secure trunks want TLS and SRTP.
 */
const twilio = {
  transport: 'udp',
  srtp: 'none',
  inboundAddresses: TWILIO_SIGNALLING,
  codecs: ['pcmu', 'pcma'],
  outboundFormat: { form: 'e164' },
  inboundFormat: { form: 'e164' },
  callerIdHeader: 'both',
  trustsPai: false,
} as const;

const telnyx = {
  hosts: [{ host: 'sip.telnyx.com', port: null }],
  transport: 'udp',
  srtp: 'none',
  inboundAddresses: TELNYX_SIGNALLING,
  codecs: ['g722', 'pcmu', 'pcma'],
  outboundFormat: { form: 'e164' },
  inboundFormat: { form: 'e164' },
  callerIdHeader: 'both',
  trustsPai: true,
} as const;

/** What a preset gives where the trunk itself says nothing. */
export function presetOf(given: NewTrunk): object {
  switch (given.preset) {
    case undefined:
      return {};
    case 'twilio':
      return twilio;
    case 'telnyx':
      // One that registers is known by its user name, at the registrar's own domain.
      return given.kind === 'registration' ? { ...telnyx, ...accountOf(given, 'sip.telnyx.com') } : telnyx;
    case 'registrar':
      return {
        ...accountOf(given, given.hosts?.[0]?.host ?? null),
        callerIdHeader: 'pai',
        optionsIntervalSeconds: 60,
      };
  }
}

/** A registrar knows its customers by From; the caller's number goes into P-Asserted-Identity. */
function accountOf({ username }: Extract<NewTrunk, { kind: 'registration' }>, domain: string | null) {
  return { fromUser: username, fromDomain: domain, callerIdHeader: 'pai' };
}
