/** The browser: Chromium, as CHROMIUM names it, or where Debian puts it. None is downloaded. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Starts Chromium without a window. */
export async function launch(executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'): Promise<Browser> {
  if (!existsSync(executablePath))
    throw new Error(
      `there is no Chromium at ${executablePath}; install it with \`apt-get install chromium\`, or name one in CHROMIUM`,
    );
  return chromium.launch({ executablePath });
}
