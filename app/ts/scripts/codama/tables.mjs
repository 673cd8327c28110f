/** Two tables that the renderer has no page for: the events with their decoders, and the errors with their messages. */

const pascal = (name) => name[0].toUpperCase() + name.slice(1);

const HEADING = `/**
 * Generated from the program's interface by \`npm run generate\`; not to be edited.
 */
`;

/** The events: name, discriminator as hex digits, decoder. */
export function eventTable(events) {
  const decoder = (event) => `get${pascal(event.name)}EventDecoder`;
  const type = (event) => `${pascal(event.name)}Event`;
  const prefix = (event) => event.data.prefix[0].value.data;
  const imports = events.flatMap((event) => [decoder(event), `type ${type(event)}`]);
  return `${HEADING}import type { Decoder } from '@solana/kit';
import {
${imports.map((name) => `  ${name},`).join('\n')}
} from './types/index.js';

/** The data of each event, by its name. */
export interface EventData {
${events.map((event) => `  ${pascal(event.name)}: ${type(event)};`).join('\n')}
}

/** Each event's discriminator as hex digits, and how what follows is read. */
export const EVENTS: { readonly [N in keyof EventData]: readonly [string, () => Decoder<EventData[N]>] } = {
${events.map((event) => `  ${pascal(event.name)}: ['${prefix(event)}', ${decoder(event)}],`).join('\n')}
};
`;
}

/** The errors: names with messages, in the order of their codes. */
export function errorTable(errors) {
  const text = (value) => JSON.stringify(value);
  return `${HEADING}
/** The code of the first error. */
export const FIRST_ERROR_CODE = ${errors[0].code};

/** Every error's message, in the order of the codes. */
export const ERROR_MESSAGES = {
${errors.map((error) => `  ${pascal(error.name)}: ${text(error.message)},`).join('\n')}
} as const;
`;
}
