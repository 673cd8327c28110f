/** What a node, a program or a file says is shown in one line, and does nothing to the terminal. */
import { failureOf, LedgerError, PROGRAM, type Receipt } from '@sessions/client';
import { expect, test } from 'vitest';
import { failedOf, refusalFailed } from '../../deploy/failed.js';
import { landOne } from '../../deploy/upload.js';
import { keysOf, Svm, signer, toolsOn } from '../help/ledger.js';

/** It would clear the screen, write into the clipboard, and turn round what follows. */
const OBEYED = '\u001b[2J\u001b]52;c;\u0007\u202e\u061c';
const SHOWN = '\ufffd[2J\ufffd]52;c;\ufffd\ufffd\ufffd';

/** A ledger on which whatever is tried fails, with words of a program's own. */
class Refusing extends Svm {
  override async simulate(): Promise<Receipt> {
    const logs = [`Program ${PROGRAM} invoke [1]`, `Program log: no\n${OBEYED}`];
    const failure = failureOf({ InstructionError: [0, 'InvalidArgument'] }, [PROGRAM], logs);
    return {
      signature: '' as Receipt['signature'],
      slot: 1n,
      failure,
      computeUnits: 0n,
      fee: 0n,
      logs,
      events: [],
      returned: new Uint8Array(),
    };
  }
}

test('a program', async () => {
  const tools = toolsOn(new Refusing(), await keysOf(null));
  const sent = landOne(tools, [], 'the upgrade');
  await expect(sent).rejects.toMatchObject({
    name: 'Failed',
    message: `the upgrade failed: Program log: no ${SHOWN}`,
  });
});

test('a node', async () => {
  const { address } = await signer(1);
  const refused = new LedgerError('Refused', { url: 'http://node', reason: OBEYED });
  const notAProgram = refusalFailed({ why: 'NotAProgram', program: address, owner: OBEYED as typeof address });
  for (const { text, json } of [failedOf(refused), failedOf(new Error(OBEYED)), notAProgram]) {
    expect(text).toContain(SHOWN);
    expect(text.split('\n')).toHaveLength(3);
    expect(JSON.parse(json)).toMatchObject({ error: { message: expect.stringContaining(SHOWN) } });
  }
});
