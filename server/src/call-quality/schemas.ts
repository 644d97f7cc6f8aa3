import { z } from 'zod';

const qualitySchema = z
  .strictObject({
    codec: z.string().nullable(),
    packetsReceived: z.int(),
    packetsLost: z.int(),
    lossPercent: z.number(),
    jitterMs: z.number().meta({ description: 'RFC 3550 section 6.4.1' }),
    roundTripMs: z.number().nullable().meta({ description: 'Null where it is not known' }),
    mos: z
      .number()
      .nullable()
      .meta({ description: 'From 1 to 5, by the E-model (ITU-T G.107); null where nothing arrived' }),
  })
  .meta({ id: 'Quality', description: 'What one end received of a call’s sound' });

const end = (description: string) => qualitySchema.nullable().meta({ description });

/** What a call record says of how the call sounded. */
export const callQualitySchema = z
  .strictObject({
    phone: end('What the user’s phone received, as it said itself'),
    gateway: end('What the gateway received from the user’s phone'),
    other: end('What the gateway received from the carrier, or from the other phone'),
    otherPhone: end('What the other phone received, as it said itself, on calls between extensions'),
  })
  .meta({
    id: 'CallQuality',
    description: 'Null where an end measured nothing, as on a call that nobody answered',
  });

const good = { codec: 'opus', packetsReceived: 6_210, packetsLost: 12, lossPercent: 0.19, jitterMs: 4.2 };

export const callQualityExample = {
  phone: { ...good, roundTripMs: 38, mos: 4.31 },
  gateway: { ...good, packetsLost: 0, lossPercent: 0, roundTripMs: 37.4, mos: 4.41 },
  other: { ...good, codec: 'PCMU', roundTripMs: 12, mos: 4.4 },
  otherPhone: null,
};
