/** Who changes something: an API key, a signed-in person, or the server by itself. */
export interface Actor {
  readonly kind: 'key' | 'user' | 'server';
  readonly id: string;
  /** As it was at that time: key or user may be renamed or gone later. */
  readonly name: string;
}
