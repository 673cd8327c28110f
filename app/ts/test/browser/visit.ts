/** A visitor of the page: a browser profile of its own, with everything that went out of it and everything that it complained of. */
import type { Browser, Page } from 'playwright-core';

/** A visitor, and what was noticed. */
export interface Visit {
  readonly page: Page;
  /** What the browser complained of, on its console or as an error that nobody caught. */
  readonly complaints: readonly string[];
  /** What went out: addresses asked for, with what was sent there, and what was sent through web sockets. */
  readonly sent: readonly string[];
  /** Forgets the profile. */
  leave(): Promise<void>;
}

/** Opens `url` in a profile of its own. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 640, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const complaints: string[] = [];
  const sent: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  context.on('weberror', (thrown) => complaints.push(String(thrown.error())));
  // What stands behind the # is in no request, but the library puts it there.
  context.on('request', (request) => sent.push(request.url().replace(/#.*/, ''), request.postData() ?? '', JSON.stringify(request.headers())));
  const page = await context.newPage();
  page.on('websocket', (socket) => {
    sent.push(socket.url());
    socket.on('framesent', ({ payload }) => sent.push(payload.toString()));
  });
  await page.goto(url);
  return { page, complaints, sent, leave: () => context.close() };
}
