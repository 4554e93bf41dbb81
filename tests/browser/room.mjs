// The chat example's room page, as its reader uses it.

export const input = (page) => page.locator('#chat-message-input');
export const logOf = (page) => page.locator('#chat-log').inputValue();
export const stateOf = (page) => page.locator('#connection-state').textContent();

export async function enterRoom(page, url) {
  await page.goto(url);
  await inState(page, 'open');
}

export async function inState(page, ...states) {
  await page.locator(states.map((state) => `#connection-state[data-state="${state}"]`).join()).waitFor();
}

export async function say(page, message) {
  await input(page).fill(message);
  await input(page).press('Enter');
}

/** Waits until the log's last line is `message`. */
export async function hears(page, message) {
  await page.waitForFunction(
    (end) => `\n${document.querySelector('#chat-log').value}`.endsWith(end), `\n${message}\n`);
}
