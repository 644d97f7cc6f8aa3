import { CODECS } from '@handset/gateway-config';
import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { timestamp } from '../http/text.ts';
import { selfExample, selfSchema } from '../users/schemas.ts';
import { type PhoneConfigContext, phoneConfig } from './phone-config.ts';

const phoneConfigSchema = z
  .strictObject({
    user: selfSchema,
    deviceId: z.string(),
    sip: z.strictObject({
      uri: z.string().meta({ description: 'Address of record: From, To and registration' }),
      authorizationUser: z.string().meta({ description: 'Digest user name, and user part of the Contact' }),
      password: z.string().meta({ description: 'Shown this once' }),
      realm: z.string(),
      expiresAt: timestamp,
    }),
    webSockets: z.array(z.string()).min(1),
    iceServers: z
      .array(
        z.strictObject({
          urls: z.array(z.string()).min(1),
          username: z.string().optional(),
          credential: z.string().optional(),
        }),
      )
      .meta({ description: 'As RTCPeerConnection takes them' }),
    iceTransportPolicy: z
      .enum(['all', 'relay'])
      .meta({ description: 'As RTCPeerConnection takes it; `relay`: all media goes through TURN' }),
    codecs: z.array(z.enum(CODECS)).meta({ description: 'In which order the phone is to offer them' }),
    outsideCodecs: z
      .array(z.enum(CODECS))
      .meta({ description: 'What it is to offer in a call to the outside; an extension is called with all' }),
    emergencyNumbers: z
      .array(z.string())
      .meta({ description: 'What looks like an extension, and is called outside' }),
    country: z.string().length(2).meta({ description: 'In whose national form numbers may be typed' }),
  })
  .meta({ id: 'PhoneConfig' });

const example = {
  user: selfExample,
  deviceId: 'de1f0c2a9be1d84c7f9a3e6b10',
  sip: {
    uri: 'sip:1001@handset.local',
    authorizationUser: 'dv0f9c2a9be1d84c7f9a3e6b10',
    password: 'shown-once',
    realm: 'handset',
    expiresAt: '2026-01-31T21:30:00.000Z',
  },
  webSockets: ['wss://phone.example.com/ws'],
  iceServers: [
    { urls: ['stun:phone.example.com:8088'] },
    {
      urls: ['turn:phone.example.com:8088?transport=udp', 'turn:phone.example.com:8088?transport=tcp'],
      username: '1769895000:de1f0c2a9be1d84c7f9a3e6b10',
      credential: 'short-lived',
    },
  ],
  iceTransportPolicy: 'all' as const,
  codecs: [...CODECS],
  outsideCodecs: ['g722' as const, 'pcmu' as const, 'pcma' as const],
  emergencyNumbers: ['112', '911'],
  country: 'US',
};

export function phoneConfigRoutes(context: PhoneConfigContext): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/phone-config',
      operationId: 'getPhoneConfig',
      summary: 'All that this phone needs, with a fresh SIP credential',
      description: 'Each call mints a credential; a device has at most five, then the oldest ends.',
      tag: 'Phone',
      auth: 'phone',
      responses: { 200: { description: 'The configuration', schema: phoneConfigSchema, example } },
      handle: async ({ principal, facts }) => ({
        status: 200,
        body: await phoneConfig(principal, facts, context),
      }),
    }),
  ];
}
