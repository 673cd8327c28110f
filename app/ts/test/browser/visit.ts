/** A visitor of the page: a browser profile of its own, with everything that went out of it and everything that the browser complained of. */
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

/** A visitor. */
export class Visit {
  readonly page: Page;
  /** What the browser complained of, on its console or as an error that nobody caught. */
  readonly complaints: string[] = [];
  /** What went out: the addresses that were asked for, what was sent there, and what was sent through web sockets. */
  readonly sent: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('dialog', async (dialog) => {
      this.complaints.push(`a dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on('request', (request) => {
      // The library tells what stands behind the #, too, which is in no request.
      const address = request.url().replace(/#.*/, '');
      this.sent.push(address, JSON.stringify(request.headers()), request.postData() ?? '');
    });
    page.on('websocket', (socket) => {
      this.sent.push(socket.url());
      socket.on('framesent', ({ payload }) => this.sent.push(payload.toString()));
    });
  }

  /** Opens `url` in a profile of its own. */
  static async to(browser: Browser, url: string): Promise<Visit> {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const context = await browser.newContext({ viewport: { width: 540, height: 720 }, permissions, locale: 'en-GB' });
    const visit = new Visit(await context.newPage());
    await visit.page.goto(url);
    return visit;
  }

  /** Fills the form of the first view, and asks for what its button says. */
  async begin(button: string, node: string, webSocket: string): Promise<void> {
    await this.page.getByLabel('Node', { exact: true }).fill(node);
    const socket = this.page.getByLabel('Web socket', { exact: true });
    if (!(await socket.isVisible())) await this.page.getByText('Its web socket').click();
    await socket.fill(webSocket);
    await this.press(button);
  }

  /** Presses a button. */
  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Waits until the page shows this text, and this alone, in one of its parts. */
  async sees(text: string): Promise<void> {
    await this.page.getByText(text, { exact: true }).waitFor();
  }

  /** Makes an invite link. */
  async invites(): Promise<string> {
    await this.press('Make an invite link');
    const link = this.page.getByLabel('Link, for one wallet');
    await link.waitFor();
    return link.inputValue();
  }

  /** Asks for a message to be sent, from the keyboard. */
  async writes(text: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Message' });
    await field.fill(text);
    await field.press('Enter');
  }

  /** Sends a message, and waits until there is room for the next. */
  async says(text: string): Promise<void> {
    await this.writes(text);
    const field = this.page.getByRole('textbox', { name: 'Message' });
    await expect.poll(() => field.inputValue(), { timeout: 30_000 }).toBe('');
  }

  /** What the page says is wrong. */
  async error(): Promise<string> {
    const alert = this.page.getByRole('alert');
    await alert.waitFor();
    return (await alert.textContent()) ?? '';
  }

  /** The texts of the messages that are shown. */
  messages(): Promise<readonly string[]> {
    return this.page.locator('#messages .text').allInnerTexts();
  }

  /** Forgets the profile. */
  leave(): Promise<void> {
    return this.page.context().close();
  }
}
