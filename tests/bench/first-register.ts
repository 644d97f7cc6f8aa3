import { Operator } from '../support/operator.ts';
import { readPhoneConfig } from '../support/phone-config.ts';
import { type Measurement, Series } from './measurement.ts';
import { signInByApi } from './sign-in.ts';
import { registerOnce } from './sip-client.ts';

const TARGET_MS = 100;

/** From the API's reply, with which a new user got a first credential, to the 200 of its first REGISTER. */
export async function measureFirstRegister(
  lab: { url: string; apiKey: string },
  n: number,
): Promise<readonly Measurement[]> {
  const series = new Series();
  const operator = new Operator(lab);
  for (let i = 0; i < n; i++) {
    const cookie = await signInByApi(lab.url, await operator.addPerson());
    const response = await fetch(`${lab.url}/v1/phone-config`, { headers: { cookie } });
    const config = await readPhoneConfig(response);
    const replied = performance.now();
    const registered = await registerOnce(config);
    series.add('API reply with a first credential → REGISTER 200', 'ms', registered - replied, TARGET_MS);
  }
  return series.measurements;
}
