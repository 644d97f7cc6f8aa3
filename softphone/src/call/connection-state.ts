/**
 * The connection to the gateway, from nothing to registered and back.
 *
 * ```
 *                                                          ┌──answered──┐
 *   stopped ─start─► connecting ─opened─► registering ─registered─► ready ─stale─► doubtful
 *                        ▲  │                 │                       │               │
 *                        │  └──failed──┐      │ failed                │ lost, failed  │
 *                        │             ▼      ▼                       ▼               │
 *                        └────due───── waiting ◄──────────────────────┴───────────────┘
 *   registering, ready, doubtful ─refused─► refused ─start─► connecting
 *   any ─stop─► stopped
 * ```
 * `ready` is proven, not remembered: the gateway has answered within the last minute.
 */
export type ConnectionStatus =
  | 'stopped'
  | 'connecting'
  | 'registering'
  | 'ready'
  | 'doubtful'
  | 'waiting'
  | 'refused';

export interface ConnectionState {
  readonly status: ConnectionStatus;
  /** Failures since the connection was last ready. */
  readonly failures: number;
  /** Whether it was ever ready since `start`: then a way back is sought, not a first way in. */
  readonly wasReady: boolean;
}

export type ConnectionEvent =
  | 'start'
  | 'opened'
  | 'registered'
  /** An attempt came to nothing. */
  | 'failed'
  /** A connection that stood is gone. */
  | 'lost'
  /** The gateway's last answer is too old to speak of a connection; it is being asked. */
  | 'stale'
  /** The gateway answered. */
  | 'answered'
  /** The pause between two attempts is over, or something says that now is a good moment. */
  | 'due'
  /** The gateway knows us and says no. */
  | 'refused'
  | 'stop';

export const STOPPED: ConnectionState = { status: 'stopped', failures: 0, wasReady: false };

type Moves = Readonly<Record<ConnectionStatus, Partial<Record<ConnectionEvent, ConnectionStatus>>>>;

const MOVES: Moves = {
  stopped: { start: 'connecting', stop: 'stopped' },
  connecting: { opened: 'registering', failed: 'waiting', lost: 'waiting', stop: 'stopped' },
  registering: {
    registered: 'ready',
    failed: 'waiting',
    lost: 'waiting',
    refused: 'refused',
    stop: 'stopped',
  },
  // `registered` in `ready` is a refresh.
  ready: {
    registered: 'ready',
    stale: 'doubtful',
    failed: 'waiting',
    lost: 'waiting',
    refused: 'refused',
    stop: 'stopped',
  },
  doubtful: {
    answered: 'ready',
    registered: 'ready',
    failed: 'waiting',
    lost: 'waiting',
    refused: 'refused',
    stop: 'stopped',
  },
  waiting: { due: 'connecting', stop: 'stopped' },
  refused: { start: 'connecting', lost: 'refused', failed: 'refused', stop: 'stopped' },
};

/**
 * The one way the connection changes. An event that has no meaning in the present state (a socket's
 * late echo, say) leaves it as it is: the very same object.
 */
export function nextConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  const status = MOVES[state.status][event];
  if (status === undefined || (status === state.status && event !== 'registered')) return state;
  switch (status) {
    case 'ready':
      return state.status === 'ready' ? state : { status, failures: 0, wasReady: true };
    case 'waiting':
      return { ...state, status, failures: state.failures + 1 };
    case 'stopped':
      return STOPPED;
    default:
      return { ...state, status };
  }
}

/**
 * Retries stay this quick for the first minute; a gateway that restarts is back by then. With a quarter more, and what
 * the registration takes, that is well below the second within which a phone should be there again. All but the first two
 * attempts are plain requests that the proxy refuses by itself: they cost a gateway that is coming up nothing.
 */
const QUICK_DELAY_MS = 300;
const QUICK_ATTEMPTS = 200;
const SLOW_DELAY_MS = 4_000;
const FIRST_DELAY_MS = 100;

/**
 * Milliseconds to wait before the next attempt. Spread by a quarter either way, so that a thousand
 * phones that lost the same gateway don't come back in one moment.
 * @param failures since the connection was last ready, at least 1; with several addresses, of all of them in turn
 * @param random a number from 0 to 1
 */
export function retryDelay(failures: number, random: number): number {
  const base =
    failures > QUICK_ATTEMPTS
      ? SLOW_DELAY_MS
      : Math.min(QUICK_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return Math.round(base * (0.75 + random / 2));
}
