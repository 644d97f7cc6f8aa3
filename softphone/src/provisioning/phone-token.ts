/** After a new token that was refused, too, the page is not asked again sooner, in ms. */
const PAUSE_MS = 2_000;

/**
 * The token by which a page of another origin has a phone (`POST /v1/users/{id}/phone-tokens`). It is used up to its end;
 * then, or where there is none yet, whoever needs one waits for the page to give the next.
 */
export class PhoneToken {
  readonly #needed: () => void;
  readonly #waiting: ((token: string) => void)[] = [];
  #token: string | undefined;
  #works = true;
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** @param needed asks the page for a token; called once for each that is needed */
  constructor(needed: () => void) {
    this.#needed = needed;
  }

  /** Takes a token from the page. An empty one is none. */
  give(token: string): void {
    this.#token = token === '' ? undefined : token;
    if (this.#token === undefined) return;
    for (const resolve of this.#waiting.splice(0)) resolve(this.#token);
  }

  /** The token to ask with. Resolves when there is one. */
  current(): Promise<string> {
    if (this.#token !== undefined) return Promise.resolve(this.#token);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) this.#ask();
    });
  }

  accepted(): void {
    this.#works = true;
  }

  /** The server takes this one no more: its time is over, or its device was revoked. */
  refused(token: string): void {
    if (token === this.#token) this.#token = undefined;
  }

  #ask(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(
      () => {
        if (this.#waiting.length > 0) this.#needed();
      },
      this.#works ? 0 : PAUSE_MS,
    );
    this.#works = false;
  }
}
