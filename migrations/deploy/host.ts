/** What the command is given by where it runs. */
export interface Host {
  /** What was written behind the command. */
  readonly args: readonly string[];
  /** The folder of this repository. */
  readonly repository: string;
  /** The folder of the Solana command line's configuration: `.config/solana` in the user's own folder. */
  readonly config: string;
  /** The path of a file that is named from where the command was called. */
  resolve(path: string): string;
  /** Writes what was asked for. */
  out(text: string): void;
  /** Writes what is told beside it. */
  err(text: string): void;
  /** Whether somebody looks at what is told beside it, on a terminal. */
  readonly watched: boolean;
  /** Whether colours are shown where what was asked for goes. */
  readonly colours: boolean;
  /** Asks a question that is answered by a line; `null` if there is no terminal to ask on. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Runs `make` for a target in this repository; answers how it ended, its exit code or the signal. */
  make(target: string): Promise<number | string>;
  /** Stops the command. */
  readonly signal: AbortSignal;
}
