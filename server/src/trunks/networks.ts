/** An IPv4 address as a number. */
function numberOf(address: string): number {
  return address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}

/** The first and last address of a range such as `192.0.2.0/24`, or of one address. */
function boundsOf(range: string): readonly [number, number] {
  const [address = '', bits = '32'] = range.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(numberOf(address) / size) * size;
  return [first, first + size - 1];
}

/** Whether two addresses or ranges have an address in common. */
export function overlap(one: string, other: string): boolean {
  const [first, last] = boundsOf(one);
  const [otherFirst, otherLast] = boundsOf(other);
  return first <= otherLast && otherFirst <= last;
}

/** Where the proxy in front hands over what browsers send. */
const BROWSERS = '127.0.0.1';

/** Whether a trunk that had this range would take all browsers for itself. */
export function takesBrowsers(range: string): boolean {
  return overlap(range, BROWSERS);
}
