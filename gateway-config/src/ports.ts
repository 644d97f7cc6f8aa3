/**
 * Every port of a lab follows from the page's port, so that two labs run side by side:
 * signalling takes the ten ports from the page's on, media a block of 2,000 UDP ports of its own.
 */
export interface PortPlan {
  /** The one origin that people open: page, `/v1` and `/ws`. */
  readonly page: number;
  /** The server's public API, behind the page's origin. */
  readonly api: number;
  /** The server's private listener (call admission, metrics): loopback or the private network only. */
  readonly internal: number;
  /** The gateway's HTTP listener (`/ws`), behind the page's origin. */
  readonly gatewayHttp: number;
  /** The gateway's SIP over UDP and TCP, for trunks. */
  readonly sip: number;
  /** The gateway's SIP over TLS, for trunks. */
  readonly sipTls: number;
  /** The gateway's manager interface (AMI): loopback or the private network only. */
  readonly ami: number;
  /** The simulated carrier's SIP over UDP. */
  readonly pstnSip: number;
  /** STUN and TURN over UDP and TCP. */
  readonly turn: number;
  /** TURN over TLS. */
  readonly turnTls: number;
  readonly gatewayMedia: PortRange;
  readonly pstnMedia: PortRange;
  /**
   * coturn's relays. A call takes one for each transport that its phone was given, and a browser that is closed in
   * mid-call leaves its own behind for ten minutes: coturn grants no shorter lifetime. Hence twice the gateway's.
   */
  readonly turnMedia: PortRange;
}

/** Both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

const MEDIA_FIRST = 20_000;
const MEDIA_BLOCK = 2_000;
const MEDIA_BLOCKS = 20;

/** The highest port that the page may take: nine more follow it. */
export const HIGHEST_PAGE_PORT = 65_526;

/**
 * The ports of the lab whose page listens on `page`.
 * @param page a TCP port from 1 to {@link HIGHEST_PAGE_PORT}; labs side by side keep 10 apart.
 */
export function portPlan(page: number): PortPlan {
  const media = MEDIA_FIRST + (Math.floor(page / 10) % MEDIA_BLOCKS) * MEDIA_BLOCK;
  return {
    page,
    api: page + 1,
    internal: page + 2,
    gatewayHttp: page + 3,
    sip: page + 4,
    sipTls: page + 5,
    ami: page + 6,
    pstnSip: page + 7,
    turn: page + 8,
    turnTls: page + 9,
    gatewayMedia: { first: media, last: media + 599 },
    pstnMedia: { first: media + 600, last: media + 799 },
    turnMedia: { first: media + 800, last: media + 1_999 },
  };
}
