/** What was measured of one direction of a call's sound. */
export interface Transmission {
  /** Share of the packets that never arrived, in percent. */
  readonly lossPercent: number;
  /** Interarrival jitter (RFC 3550 section 6.4.1), in ms. */
  readonly jitterMs: number;
  /** In ms; 0 where it is not known. */
  readonly roundTripMs: number;
}

/** R of a connection without any of these faults: all parameters of ITU-T G.107 (06/2015) at their defaults, table 3. */
const UNIMPAIRED = 93.2;
/** Ie and Bpl of G.711 with concealment of lost packets (ITU-T G.113 appendix I); taken for every codec. */
const EQUIPMENT = 0;
const LOSS_ROBUSTNESS = 25.1;
/** The sound that a packet holds, in ms. */
const PACKET_MS = 20;
/** A receiver holds packets back about this many times the jitter. */
const BUFFERED_JITTERS = 2;
/** One-way delay that nobody notices, in ms. */
const UNNOTICED_MS = 100;

/**
 * Transmission rating R by the E-model, from 0 (useless) to 93.2 (ITU-T G.107 section 7.1: R = Ro − Is − Id − Ie,eff).
 * It rates the way, not the codec: a call in Opus and one in G.711 over the same way have the same R.
 */
export function transmissionRating({ lossPercent, jitterMs, roundTripMs }: Transmission): number {
  const delay = roundTripMs / 2 + BUFFERED_JITTERS * jitterMs + PACKET_MS;
  return Math.max(0, UNIMPAIRED - impairmentByDelay(delay) - impairmentByLoss(lossPercent));
}

/** Idd: talking over each other (G.107 equations 7-27 and 7-28). @param delay one way, in ms */
function impairmentByDelay(delay: number): number {
  if (delay <= UNNOTICED_MS) return 0;
  const x = Math.log2(delay / UNNOTICED_MS);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** Ie,eff of losses that do not come in bursts (G.107 equation 7-29, BurstR = 1). */
function impairmentByLoss(percent: number): number {
  return EQUIPMENT + (95 - EQUIPMENT) * (percent / (percent + LOSS_ROBUSTNESS));
}

/**
 * Mean opinion score that people would give, from 1 (bad) to 4.4 (G.107 annex B), with two decimals. What wideband
 * sound adds is not in it.
 */
export function mos(transmission: Transmission): number {
  const r = transmissionRating(transmission);
  const score = 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
  return Math.round(Math.max(1, score) * 100) / 100;
}
