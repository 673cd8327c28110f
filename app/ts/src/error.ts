/** Why the program refused something: each of its errors by name, with the program's own message. */
import { ERROR_MESSAGES, FIRST_ERROR_CODE } from './generated/errorTable.js';

/** The name of an error of the program. */
export type SessionsErrorName = keyof typeof ERROR_MESSAGES;

/** Every error's name, in the order of the codes. */
export const ERROR_NAMES: readonly SessionsErrorName[] = Object.keys(ERROR_MESSAGES) as SessionsErrorName[];

/** What is known of an error beside its name. */
export interface SessionsErrorContext {
  /** What the log says behind the error's name: the field that is out of its range, or the reason of a denial or a violation. */
  readonly detail?: string | undefined;
  /**
   * The place of the instruction in its transaction, counted from 0, with those that set the compute budget; of what a cache says its place among the operation's
   * own instructions.
   */
  readonly instruction?: number | undefined;
  /** The transaction's log. */
  readonly logs?: readonly string[] | undefined;
  /** What it was read from. */
  readonly cause?: unknown;
}

/** An error of the program, or one that it would give. */
export class SessionsError extends Error {
  /** The error's name, as in the protocol. */
  override readonly name: SessionsErrorName;
  /** The custom error code, 6000 onward. */
  readonly code: number;
  /** The field that is out of its range, or the reason of a denial or a violation, where the log says it. */
  readonly detail: string | undefined;
  /**
   * The place of the refused instruction in its transaction, counted from 0, with those that set the compute budget; of what a cache says its place among the
   * operation's own instructions.
   */
  readonly instruction: number | undefined;
  /** The transaction's log; empty if there was none. */
  readonly logs: readonly string[];

  constructor(name: SessionsErrorName, context: SessionsErrorContext = {}) {
    const { detail, cause } = context;
    const message = detail === undefined ? ERROR_MESSAGES[name] : `${ERROR_MESSAGES[name]} (${detail})`;
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
    this.code = FIRST_ERROR_CODE + ERROR_NAMES.indexOf(name);
    this.detail = detail;
    this.instruction = context.instruction;
    this.logs = context.logs ?? [];
  }
}

/** The name of the error with this code; `undefined` if the program has none with it. */
export function errorName(code: number): SessionsErrorName | undefined {
  return ERROR_NAMES[code - FIRST_ERROR_CODE];
}

/** The program's own message of an error: what was wrong and what would be right. */
export function errorMessage(name: SessionsErrorName): string {
  return ERROR_MESSAGES[name];
}

/** Whether something that was thrown is an error of the program; with `name`, that one. */
export function isSessionsError(error: unknown, name?: SessionsErrorName): error is SessionsError {
  return error instanceof SessionsError && (name === undefined || error.name === name);
}
