import { rm } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { AsteriskConsole, Carrier } from './asterisk.ts';
import type { Browsers } from './e2e.ts';
import { describeLab, type LabUnderTest, startOnFreePorts } from './lab.global.ts';
import { Operator, type Person } from './operator.ts';
import { Phone } from './phone.ts';

/** A lab with settings of its own. It is there as long as the test is. */
export class LabWithSettings {
  readonly lab: LabUnderTest;
  readonly operator: Operator;
  readonly gateway: AsteriskConsole;
  readonly carrier: Carrier;

  private constructor(lab: LabUnderTest) {
    this.lab = lab;
    this.operator = new Operator(lab);
    this.gateway = new AsteriskConsole(lab.data, 'gateway');
    this.carrier = new Carrier(lab.data);
  }

  static async start(settings: Readonly<Record<string, string>>): Promise<LabWithSettings> {
    const started = await startOnFreePorts('e2e-settings', settings);
    const lab = describeLab(started.lab, started.settings);
    onTestFinished(async () => {
      await started.lab.stop();
      await rm(lab.data, { recursive: true, force: true });
    });
    return new LabWithSettings(lab);
  }

  /** Somebody new, on a phone that is ready. */
  async signedIn(browsers: Browsers): Promise<{ person: Person; phone: Phone }> {
    const phone = await Phone.open(await browsers.get('first'), this.lab.url);
    onTestFinished(() => phone.context.close());
    const person = await this.operator.addPerson();
    await phone.signIn(person);
    await phone.says('Ready');
    return { person, phone };
  }
}
