/** The browser: Chromium, as CHROMIUM names it, or where Debian puts it. It is not downloaded. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Starts Chromium without a window. */
export async function launch(): Promise<Browser> {
  const { CHROMIUM: executablePath = '/usr/bin/chromium' } = process.env;
  if (!existsSync(executablePath))
    throw new Error(
      `there is no Chromium at ${executablePath}; install it with \`apt-get install chromium\`, or name one in CHROMIUM`,
    );
  return chromium.launch({ executablePath });
}
