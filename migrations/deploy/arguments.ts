/** What the command is told. */
import { parseArgs } from 'node:util';
import { badArgument } from './failed.js';

/** The options. */
export interface Options {
  readonly url?: string | undefined;
  readonly keypair?: string | undefined;
  readonly program?: string | undefined;
  readonly programId?: string | undefined;
  readonly upgradeAuthority?: string | undefined;
  readonly maxLen?: number | undefined;
  readonly idl?: string | undefined;
  readonly last: boolean;
  readonly closeBuffer: boolean;
  readonly build: boolean;
  readonly noIdl: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** What `--help` says. */
export const HELP = `Deploy or upgrade the session program, and write its IDL where explorers look for it.

What is on the cluster decides what there is to do; if the program is there already, that is nothing. An upload that was interrupted goes on where it
stopped when this is run again, by this command or by \`sessions deploy\`. The exit code is 2 if it cannot be done, and then nothing was sent.

Usage: npm run deploy -- [OPTIONS]

Options:
  -u, --url <URL>                      The cluster: localhost, devnet, testnet, mainnet-beta, or a URL [default: that of the Solana configuration]
  -k, --keypair <FILE>                 Who pays [default: the wallet of the Solana configuration]
      --program <FILE>                 The program's file [default: programs/sessions/artifact/sessions.so]
      --build                          Build the program first, by \`make program\`, and take target/deploy/sessions.so
      --program-id <FILE_OR_ADDRESS>   The program's key file, or for an upgrade its address [default: the address of the session program]
      --upgrade-authority <FILE>       Who may upgrade the program [default: who pays]
      --max-len <BYTES>                Make room for a program of so many bytes
      --idl <FILE>                     The program's IDL [default: idl/sessions.json]
      --no-idl                         Leave the IDL out
      --final                          Give up the authority afterwards: nobody can ever upgrade the program again
      --close-buffer                   Give up an interrupted upload: close its buffer and take the rent back
      --dry-run                        Say what there is to do, and do nothing
  -y, --yes                            Do not ask
      --json                           Print one line of JSON
  -h, --help                           Print this

Examples:
  npm run deploy -- --url localhost --dry-run
  npm run deploy -- --url devnet --program-id program.json --program mine.so
  npm run deploy -- --url devnet --program-id program.json --program mine.so --upgrade-authority authority.json
  npm run deploy -- --url devnet --close-buffer
`;

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean', default: false } as const;

const OPTIONS = {
  url: { ...TEXT, short: 'u' },
  keypair: { ...TEXT, short: 'k' },
  program: TEXT,
  'program-id': TEXT,
  'upgrade-authority': TEXT,
  'max-len': TEXT,
  idl: TEXT,
  final: FLAG,
  'close-buffer': FLAG,
  build: FLAG,
  'no-idl': FLAG,
  'dry-run': FLAG,
  yes: { ...FLAG, short: 'y' },
  json: FLAG,
  help: { ...FLAG, short: 'h' },
} as const;

type OptionName = keyof typeof OPTIONS;

/** Options that say something else together. */
const CONFLICTS: readonly (readonly [OptionName, readonly OptionName[]])[] = [
  ['close-buffer', ['dry-run', 'final', 'max-len', 'program', 'build', 'idl', 'no-idl']],
  ['build', ['program']],
  ['no-idl', ['idl']],
];

const SEE_HELP = '`npm run deploy -- --help` has the options, and examples';

/**
 * Reads what was written behind the command.
 *
 * @throws Failed: InvalidArgument.
 */
export function parse(args: readonly string[]): Options {
  const { values, positionals } = read(args);
  if (positionals.length > 0) throw badArgument(`${JSON.stringify(positionals[0])} is no option`, SEE_HELP);
  for (const [one, others] of CONFLICTS) {
    const other = others.find((name) => values[name] !== undefined && values[name] !== false);
    if (values[one] && other !== undefined) throw badArgument(`--${one} and --${other} do not go together`, SEE_HELP);
  }
  return {
    url: values.url,
    keypair: values.keypair,
    program: values.program,
    programId: values['program-id'],
    upgradeAuthority: values['upgrade-authority'],
    maxLen: bytes(values['max-len']),
    idl: values.idl,
    last: values.final,
    closeBuffer: values['close-buffer'],
    build: values.build,
    noIdl: values['no-idl'],
    dryRun: values['dry-run'],
    yes: values.yes,
    json: values.json,
    help: values.help,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw badArgument(message.charAt(0).toLowerCase() + message.slice(1), SEE_HELP);
  }
}

function bytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badArgument(`${JSON.stringify(text)} is no number of bytes`, 'check --max-len');
  return Number(text);
}
