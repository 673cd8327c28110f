/** The picture of the page in the README: `npm run example:picture`. */
import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** The most bytes that the picture has. */
const MOST = 120_000;

/** Writes a picture of all of the page. */
export async function takePicture(page: Page): Promise<void> {
  const picture = await page.screenshot({ fullPage: true });
  if (picture.length > MOST) throw new Error(`the picture has ${picture.length} bytes, and ${MOST} is the most`);
  writeFileSync(new URL('../../examples/page/page.png', import.meta.url), picture);
}
