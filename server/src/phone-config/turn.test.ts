import { expect, it } from 'vitest';
import { turnCredential } from './turn.ts';

it('makes the credential that openssl computes', () => {
  // echo -n '1433895918:12334' | openssl dgst -sha1 -hmac 'abcd' -binary | base64
  expect(turnCredential('abcd', '12334', 1_433_895_918_999)).toEqual({
    username: '1433895918:12334',
    credential: '5i4xEKUUzginUMuX4wAHfHeDxoU=',
  });
});
