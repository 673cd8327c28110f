/** Showing how far a deployment is. */
import type { Host } from './host.js';

/** Who is told how far a deployment is. */
export interface Progress {
  /** Something begins. */
  step(what: string): void;
  /** So many chunks of the file are in the buffer. */
  upload(chunks: number, of: number): void;
  /** Nothing more comes. */
  end(): void;
}

/** Tells nobody. */
export const SILENT: Progress = { step() {}, upload() {}, end() {} };

/** What is told of an upload where there is no terminal: at the most this many lines. */
const LINES = 10;
/** How long a bar is, in characters. */
const BAR = 30;
/** Goes to the beginning of the line and clears it. */
const CLEAR = '\r\x1b[K';

/** A line that changes, on a terminal. */
function bar(host: Pick<Host, 'err'>): Progress {
  return {
    step: (what) => host.err(`${CLEAR}${what}`),
    upload: (chunks, of) => {
      const full = of === 0 ? BAR : Math.floor((chunks * BAR) / of);
      host.err(`${CLEAR}uploading ${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${chunks}/${of} chunks`);
    },
    end: () => host.err(CLEAR),
  };
}

/** Lines, elsewhere. */
function lines(host: Pick<Host, 'err'>): Progress {
  let shown = 0;
  return {
    step: (what) => {
      shown = 0;
      host.err(`${what}\n`);
    },
    upload: (chunks, of) => {
      const tenths = Math.floor((chunks * LINES) / Math.max(of, 1));
      if (tenths > shown) {
        shown = tenths;
        host.err(`uploaded ${chunks} of ${of} chunks\n`);
      }
    },
    end() {},
  };
}

/** Shows it where what is told beside the result goes: a bar on a terminal, lines elsewhere. */
export const shown = (host: Pick<Host, 'err' | 'watched'>): Progress => (host.watched ? bar(host) : lines(host));
